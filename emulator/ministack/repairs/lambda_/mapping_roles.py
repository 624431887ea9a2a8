"""An event source mapping reads with the permissions of the function's role.

AWS: refuses CreateEventSourceMapping when the role may not read the source, and stops reading when
it no longer may (Lambda Developer Guide, "Configuring permissions and triggers").
MiniStack: reads without asking IAM.
"""

import functools
from typing import Any

from ministack.core.responses import error_response_json
from ministack.services import lambda_svc

from emulator.ministack.repairs.patching import AnyCallable, RepairContext, replace
from emulator.principals import RoleRefused

NEEDED = {
    "dynamodb": ("DescribeStream", "GetRecords", "GetShardIterator"),
    "sqs": ("ReceiveMessage", "DeleteMessage", "GetQueueAttributes"),
}


def apply(context: RepairContext) -> None:
    """Ask IAM when a mapping is created, and before each batch of a queue.

    The readers of streams ask by themselves.
    """

    def permitted(create: AnyCallable) -> AnyCallable:
        @functools.wraps(create)
        def created(data: dict[str, Any]) -> Any:
            name, qualifier = lambda_svc._resolve_request_scoped_name_and_qualifier(data.get("FunctionName", ""))
            _, config = lambda_svc._get_func_record_for_qualifier(name, qualifier)
            missing = missing_permission(context, config["Role"], data.get("EventSourceArn", "")) if config else None
            if missing is not None:
                return error_response_json("InvalidParameterValueException", missing, 400)
            return create(data)

        return created

    def while_permitted(run_batch: AnyCallable) -> AnyCallable:
        @functools.wraps(run_batch)
        def batch_run(mapping: dict[str, Any], function: dict[str, Any], *rest: Any) -> None:
            missing = missing_permission(context, function["config"]["Role"], mapping["EventSourceArn"])
            if missing is None:
                run_batch(mapping, function, *rest)
            else:
                mapping["LastProcessingResult"] = f"PROBLEM: {missing}"

        return batch_run

    replace(lambda_svc, "_create_esm", permitted)
    replace(lambda_svc, "_run_sqs_batch", while_permitted)


def missing_permission(context: RepairContext, role_arn: str, source_arn: str) -> str | None:
    """Return AWS's message about the permission that the role lacks; None when it has all."""
    service = source_arn.split(":")[2] if source_arn.count(":") >= 5 else ""
    try:
        caller = context.identity.assume_for_service(role_arn, service="lambda.amazonaws.com")
    except RoleRefused:
        return "The role defined for the function cannot be assumed by Lambda."
    for operation in NEEDED.get(service, ()):
        if not context.identity.is_allowed(caller.arn, action=f"{service}:{operation}", resource=source_arn):
            if service == "sqs":
                return f"The function execution role does not have permissions to call {operation} on SQS"
            return (
                f"Cannot access stream {source_arn}. Please ensure the role can perform the GetRecords, "
                "GetShardIterator, DescribeStream, and ListStreams Actions on your stream in IAM."
            )
    return None
