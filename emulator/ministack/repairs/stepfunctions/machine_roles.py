"""A state machine has only its role's permissions.

AWS: Step Functions takes the machine's role (its trust policy must name states.amazonaws.com) for every call of a task,
and a call that the role doesn't allow fails the task (Step Functions Developer Guide, "How Step Functions generates IAM
policies for integrated services").
MiniStack: calls the services without asking, so a forgotten grant shows on AWS first.
"""

import functools
import json
from typing import Any

from ministack.core.iam_actions import extract_resource_arn
from ministack.core.responses import get_account_id, get_region
from ministack.services import stepfunctions

from emulator.ministack.repairs.patching import AnyCallable, RepairContext, replace
from emulator.ministack.repairs.stepfunctions.current_execution import current_execution, machine_of
from emulator.principals import RoleRefused

OPTIMIZED = "arn:aws:states:::"
# The error name that a machine reports for a refusal: the exception class of the service's SDK.
REFUSALS = {
    "dynamodb": "DynamoDB.AmazonDynamoDBException",
    "sns": "SNS.AmazonSNSException",
    "sqs": "SQS.AmazonSQSException",
}
LAMBDA_REFUSAL = "Lambda.AWSLambdaException"
SDK_NAMES = {"cloudwatchlogs": "logs", "eventbridge": "events", "sfn": "states"}


def apply(context: RepairContext) -> None:
    """Ask IAM before each call of a task."""

    def permitted(invoke: AnyCallable) -> AnyCallable:
        @functools.wraps(invoke)
        def asked(resource: str, arguments: Any, *rest: Any) -> Any:
            execution = current_execution()
            if execution is not None and ":activity:" not in resource:
                action, touched = permission(resource, arguments)
                _require(context, machine_of(execution).get("roleArn", ""), action, touched, error=refusal_of(resource))
            return invoke(resource, arguments, *rest)

        return asked

    replace(stepfunctions, "_invoke_resource", permitted)
    replace(stepfunctions, "_invoke_with_callback", permitted)


def permission(resource: str, arguments: Any) -> tuple[str, str]:
    """Return the IAM action of a task's call, and the ARN that it concerns, `*` without one."""
    if not resource.startswith(OPTIMIZED):
        return "lambda:InvokeFunction", resource
    call = resource.removeprefix(OPTIMIZED).removesuffix(".waitForTaskToken").removesuffix(".sync")
    if call == "lambda:invoke":
        return "lambda:InvokeFunction", _function_arn(arguments["FunctionName"])
    service, operation = call.removeprefix("aws-sdk:").split(":")[:2]
    service = SDK_NAMES.get(service, service)
    action = f"{service}:{operation[0].upper()}{operation[1:]}"
    return action, _resource_arn(service, action, arguments)


def refusal_of(resource: str) -> str:
    """Return the error name of a task whose call is refused."""
    if not resource.startswith(OPTIMIZED) or resource.startswith(f"{OPTIMIZED}lambda:"):
        return LAMBDA_REFUSAL
    sdk, service = "aws-sdk:" in resource, resource.removeprefix(OPTIMIZED).removeprefix("aws-sdk:").split(":")[0]
    if sdk:
        prefix = stepfunctions._AWS_SDK_ERROR_PREFIX.get(service, service.capitalize())
        return f"{prefix}.{prefix}Exception"
    return REFUSALS.get(service, "States.Permissions")


def _function_arn(name: str) -> str:
    return name if name.startswith("arn:") else f"arn:aws:lambda:{get_region()}:{get_account_id()}:function:{name}"


def _resource_arn(service: str, action: str, arguments: Any) -> str:
    """Return the resource that a request with this body concerns, by MiniStack's own router.

    The router reads SNS's query requests only, so the topic is taken from the arguments.
    """
    if service == "sns":
        return str(arguments.get("TopicArn", "*"))
    region, account_id = get_region(), get_account_id()
    headers = {"x-amz-target": f"{service}.{action.partition(':')[2]}"}
    body = json.dumps(arguments).encode()
    return str(extract_resource_arn(service, "POST", "/", headers, body, {}, region, account_id) or "*")


def _require(context: RepairContext, role_arn: str, action: str, resource: str, *, error: str) -> None:
    try:
        caller = context.identity.assume_for_service(role_arn, service="states.amazonaws.com")
    except RoleRefused as refusal:
        raise stepfunctions._ExecutionError(error, str(refusal)) from refusal
    if not context.identity.is_allowed(caller.arn, action=action, resource=resource):
        raise stepfunctions._ExecutionError(
            error, f"User: {caller.arn} is not authorized to perform: {action} on resource: {resource}"
        )
