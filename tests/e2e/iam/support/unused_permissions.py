"""Permissions that no local run uses, each with the reason why the role has it."""

from collections.abc import Iterator

from environments.names import FUNCTIONS, noun
from tests.e2e.iam.support.grants import Grant

LOGS = "AWS writes the log with this role; the emulator's services write theirs without asking"
DELIVERY = "Step Functions sets up its log's delivery with this role; in the emulator nothing is to be set up"
TRACES = "X-Ray's traces: nothing waits for them, so that no path breaks without"
STREAM = "AWS's own policy for functions that read a stream has it (AWSLambdaDynamoDBExecutionRole)"
KEY = "SNS uses the topic's key for whoever publishes; the emulator's encrypts nothing, so that no path breaks without"
DESTINATION = "Lambda asks it of a bucket for failures (Lambda Developer Guide); the emulator doesn't"

FUNCTION_ROLES = tuple(map(noun, FUNCTIONS))
LOG_GROUPS = {
    **{function: f"/aws/lambda/{function}" for function in FUNCTION_ROLES},
    "api-logs": "/aws/appsync/apis/*",
    "order": "/aws/vendedlogs/states/order",
}
SEGMENTS = ("PutTelemetryRecords", "PutTraceSegments")
SAMPLING = ("GetSamplingRules", "GetSamplingTargets")
DELIVERING = (
    *("CreateLogDelivery", "DeleteLogDelivery", "GetLogDelivery", "ListLogDeliveries", "UpdateLogDelivery"),
    *("DescribeLogGroups", "DescribeResourcePolicies", "PutResourcePolicy"),
)


def _unused() -> Iterator[tuple[Grant, str]]:
    for role, group in LOG_GROUPS.items():
        for action in ("CreateLogStream", "PutLogEvents"):
            yield Grant(role, f"logs:{action}", f"log-group:{group}:*"), LOGS
    for action in DELIVERING:
        yield Grant("order", f"logs:{action}", "*"), DELIVERY
    for role in (*FUNCTION_ROLES, "order"):
        for action in (*SEGMENTS, *(SAMPLING if role == "order" else ())):
            yield Grant(role, f"xray:{action}", "*"), TRACES
    yield Grant("announce", "dynamodb:ListStreams", "table/orders/stream/*"), STREAM
    yield Grant("announce", "s3:ListBucket", "undelivered"), DESTINATION
    for action in ("Decrypt", "GenerateDataKey"):
        yield Grant("announce", f"kms:{action}", "key/*"), KEY


UNUSED = dict(_unused())
