"""Known faults of the pinned MiniStack, mended from outside: one module a fault."""

from local.emulator.repairs import (
    appsync_api_record,
    cloudwatch_alarm_fields,
    dynamodb_atomic_writes,
    dynamodb_kept_streams,
    dynamodb_key_conditions,
    iam_principal_arn,
    iam_secure_transport,
    lambda_credentials,
    lambda_environment,
    lambda_error_types,
    lambda_mapping_roles,
    lambda_pool,
    lambda_silent_handlers,
    lambda_stream_mappings,
    logs_bounded,
    logs_pages,
    s3_kept_objects,
    scheduler_roles,
    sqs_atomic_messages,
    sqs_move_tasks,
    states_current,
    states_execution_logs,
    states_express,
    states_machine_roles,
    states_machine_timeout,
    states_start_delay,
    states_throttled_functions,
    states_tracing,
    states_turns,
    sts_kept_sessions,
)
from local.emulator.repairs.patching import Run

ALL = (
    appsync_api_record,
    cloudwatch_alarm_fields,
    dynamodb_atomic_writes,
    dynamodb_kept_streams,
    dynamodb_key_conditions,
    iam_principal_arn,
    iam_secure_transport,
    lambda_credentials,
    lambda_environment,
    lambda_error_types,
    lambda_mapping_roles,
    lambda_pool,
    lambda_silent_handlers,
    lambda_stream_mappings,
    logs_bounded,
    logs_pages,
    s3_kept_objects,
    scheduler_roles,
    sqs_atomic_messages,
    sqs_move_tasks,
    states_current,
    states_execution_logs,
    states_express,
    states_machine_roles,
    states_machine_timeout,
    states_start_delay,
    states_throttled_functions,
    states_tracing,
    sts_kept_sessions,
    states_turns,
)


def apply(run: Run) -> None:
    """Put every repair in place; call once, after ministack.app is imported and before the first request."""
    for repair in ALL:
        repair.apply(run)
