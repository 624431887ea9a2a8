"""The order in which the repairs are applied."""

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
from emulator.ministack.repairs.patching import RepairContext

# A repair wraps the result of those before it. Where no comment says otherwise, any order will do.
REPAIRS = (
    appsync.api_record,
    appsync.code_and_pipelines,
    appsync.deletion_of_used_parts,
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
    # After the repair of refresh tokens, so that it wraps their check.
    cognito.refresh_rotation,
    cognito.refusals,
    cognito.srp_numbers,
    cognito.username_case,
    dynamodb.transaction_keys,
    # After the repair of transactions, so that the lock is around their check too.
    dynamodb.atomic_writes,
    dynamodb.kept_streams,
    dynamodb.key_conditions,
    dynamodb.parsed_expressions,
    dynamodb.item_copies,
    dynamodb.restore_summary,
    iam.caller_arn,
    iam.parsed_policies,
    iam.principal_arn,
    iam.secure_transport,
    iam.verified_signatures,
    core.form_parsing,
    core.json_nesting,
    lambda_.role_keys,
    lambda_.function_environment,
    lambda_.error_types,
    lambda_.kept_code,
    lambda_.mapping_metrics,
    lambda_.mapping_roles,
    lambda_.pool,
    lambda_.invocation_logs,
    lambda_.stream_mappings,
    logs.bounded_log_groups,
    logs.event_pages,
    logs.query_definitions,
    core.known_services,
    s3.kept_objects,
    scheduler.asynchronous_calls,
    scheduler.schedule_roles,
    sqs.atomic_messages,
    sqs.move_tasks,
    stepfunctions.current_execution,
    stepfunctions.execution_logs,
    stepfunctions.express,
    stepfunctions.machine_roles,
    stepfunctions.machine_timeout,
    stepfunctions.parsed_expressions,
    stepfunctions.start_delay,
    stepfunctions.task_threads,
    stepfunctions.throttled_functions,
    stepfunctions.tracing,
    sts.kept_sessions,
    # After its other repairs, so that it is outermost: an execution waits before its log and its timeout start.
    stepfunctions.concurrency,
    # Last, so that it sees the failures of all repairs.
    core.wrong_types,
)


def apply(context: RepairContext) -> None:
    """Apply every repair; call this once, between ministack.app's import and the first request."""
    for repair in REPAIRS:
        repair.apply(context)
