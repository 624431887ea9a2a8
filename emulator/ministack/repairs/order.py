"""The order in which the repairs are put in place."""

from emulator.ministack.repairs import (
    appsync,
    cloudfront,
    cloudwatch,
    cognito,
    core,
    dynamodb,
    iam,
    lambda_,
    logs,
    s3,
    scheduler,
    sqs,
    stepfunctions,
    sts,
)
from emulator.ministack.repairs.patching import Run

# A repair wraps what those before it left. Except where a comment says more, any order will do.
REPAIRS = (
    appsync.api_record,
    appsync.code_and_pipelines,
    appsync.parts_in_use,
    cloudfront.header_blocks,
    cloudfront.missing_objects,
    cloudfront.node,
    cloudwatch.alarm_fields,
    cloudwatch.dashboards,
    cognito.access_tokens,
    cognito.added_operations,
    cognito.attributes,
    cognito.authenticators,
    cognito.challenges,
    cognito.client_secrets,
    cognito.codes,
    cognito.password_policy,
    cognito.refresh_tokens,
    # Outside of what says whether a refresh token is good.
    cognito.refresh_rotation,
    cognito.refusals,
    cognito.srp_numbers,
    cognito.username_case,
    dynamodb.atomic_writes,
    dynamodb.kept_streams,
    dynamodb.key_conditions,
    dynamodb.restore_summary,
    iam.principal_arn,
    iam.secure_transport,
    core.forms,
    core.json_nesting,
    lambda_.credentials,
    lambda_.environment,
    lambda_.error_types,
    lambda_.kept_code,
    lambda_.mapping_metrics,
    lambda_.mapping_roles,
    lambda_.pool,
    lambda_.silent_handlers,
    lambda_.stream_mappings,
    logs.bounded,
    logs.pages,
    logs.query_definitions,
    core.known_services,
    s3.kept_objects,
    scheduler.asynchronous_calls,
    scheduler.roles,
    sqs.atomic_messages,
    sqs.move_tasks,
    stepfunctions.current,
    stepfunctions.execution_logs,
    stepfunctions.express,
    stepfunctions.machine_roles,
    stepfunctions.machine_timeout,
    stepfunctions.parsed_expressions,
    stepfunctions.start_delay,
    stepfunctions.throttled_functions,
    stepfunctions.tracing,
    sts.kept_sessions,
    # Last, so that it is outermost: an execution waits before its log and its timeout begin.
    stepfunctions.concurrency,
)


def apply(run: Run) -> None:
    """Put every repair in place; call once, after ministack.app is imported and before the first request."""
    for repair in REPAIRS:
        repair.apply(run)
