"""The bill of one order: its usage, as AWS bills it, times prices."""

import math
from dataclasses import dataclass

from environments.names import LOCAL
from environments.order_rules import FUNCTION_MEMORY_MB
from environments.settings import settings_of
from local.costs.aws_log_lines import lambda_lines, request_entries
from local.costs.prices import Prices
from local.costs.reported_usage import UsageCounts

_NAMES = settings_of(LOCAL).names
ANNOUNCE, CHARGE_PAYMENT = _NAMES.function("announce"), _NAMES.function("charge_payment")
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
# CloudWatch Logs adds 26 bytes to each event (API reference, PutLogEvents).
EVENT_BYTES = 26
GB = 10**9
# A function has one processor at this memory, and as much less of one below (Lambda Developer Guide, "Configure Lambda
# function memory"). One of Lambda's processors is taken to be as fast as one here.
MEGABYTES_A_PROCESSOR = 1769
# How long a function waits for an answer: assumptions, of which DynamoDB's is what AWS promises of it (below 10 ms).
CALL_MILLISECONDS = {"dynamodb": 10}
OTHER_CALL_MILLISECONDS = 30
# `announce` works on as many orders at once.
SIDE_BY_SIDE = 20
# Step Functions' own time for a state: an assumption. It is billed in steps of 100 ms and 64 MB.
STATE_MILLISECONDS = 25
EXPRESS_STEP_MILLISECONDS, EXPRESS_GB = 100, 64 / 1024
# An assumption: what depends on time, such as requests to KMS and the first trace of a second, is shared by so many.
ORDERS_A_SECOND = 1.0
# For how many of its runs Lambda starts a function anew, and has KMS decrypt its variables: "under 1 %" (Lambda
# Developer Guide, "Understanding the Lambda execution environment lifecycle").
STARTS_A_RUN = 0.01


@dataclass(frozen=True, kw_only=True)
class BillingConditions:
    """The settings and the customer's behaviour that an order's bill depends on."""

    workflow_type: str = "EXPRESS"
    function_log_level: str = "INFO"
    workflow_log_level: str = "ALL"
    workflow_log_data: bool = True
    memory_mb: int = FUNCTION_MEMORY_MB
    # Of what could be traced, the part that is.
    traced: float = 0.0
    # How many changes, or hints, a batch has.
    batch: int = 1
    connected_minutes: float = 0
    mails: int = 0
    firewall: bool = False
    orders_a_second: float = ORDERS_A_SECOND
    # As long as orders come.
    key_requests_a_second: float = 0.0
    has_encrypted_variables: bool = False


@dataclass(frozen=True)
class BillLine:
    """One line of the bill of an order."""

    name: str
    price: str
    quantity: float
    # Made of assumptions about AWS's speed, or of sizes that nobody measured on AWS.
    is_estimate: bool = False

    def usd_per_million(self, prices: Prices) -> float:
        """Return what it costs for a million orders."""
        return prices[self.price].of(self.quantity * 1_000_000)


def order_lines(used: UsageCounts, conditions: BillingConditions) -> list[BillLine]:
    """Return the bill of one order that used this."""
    operations = used.resources("appsync", "operations")
    placing = used.total("appsync", "operations", of="Mutation.postOrder")
    publishing = used.total("appsync", "operations", of="Mutation.publishOrder")
    asking = sum(used.total("appsync", "operations", of=one) for one in operations if one.startswith("Query."))
    all_operations = placing + publishing + asking
    return [
        BillLine("API: postOrder", "appsync_operation", placing),
        BillLine("API: publishOrder, for live updates", "appsync_operation", publishing),
        BillLine("API: what the page asks after placing", "appsync_operation", asking),
        BillLine(
            "API: real-time updates, connecting, subscribing",
            "appsync_update",
            used.total("appsync", "real-time updates"),
        ),
        BillLine("API: minutes of the connection", "appsync_connection_minute", conditions.connected_minutes),
        BillLine("tables: write units", "dynamodb_write", used.total("dynamodb", "write units")),
        BillLine("tables: read units", "dynamodb_read", used.total("dynamodb", "read units")),
        BillLine("queue: requests", "sqs_request", _queue_requests(used, conditions)),
        BillLine("functions: requests", "lambda_request", sum(_billed_invocations(used, conditions).values())),
        BillLine("functions: GB-seconds", "lambda_gb_second", _gb_seconds(used, conditions), is_estimate=True),
        *_workflow_lines(used, conditions),
        BillLine("topic: publications", "sns_publication", used.total("sns", "publications")),
        BillLine("topic: mails", "sns_mail", conditions.mails),
        BillLine("logs of the API", "log_gb", _api_log(all_operations), is_estimate=True),
        BillLine("logs of the functions", "log_gb", _function_logs(used, conditions)),
        BillLine("logs of the workflow", "log_gb", _workflow_log(used, conditions)),
        BillLine("traces", "trace", conditions.traced * _count_traces(used, conditions, all_operations)),
        BillLine("KMS: requests", "kms_request", _key_requests(used, conditions), is_estimate=True),
        BillLine("firewall: requests", "firewall_request", all_operations if conditions.firewall else 0),
    ]


def usd_per_million(used: UsageCounts, conditions: BillingConditions, prices: Prices) -> float:
    """Return what a million such orders cost."""
    return sum(line.usd_per_million(prices) for line in order_lines(used, conditions))


def function_milliseconds(used: UsageCounts, function: str, conditions: BillingConditions) -> float:
    """Estimate how long a function runs on AWS for what it did here: its computing, and the answers it waits for."""
    slower = max(1.0, MEGABYTES_A_PROCESSOR / conditions.memory_mb)
    computing = slower * used.total("lambda", "processor milliseconds", of=function)
    calls = {one.what: count for one, count in used.items() if (one.service, one.resource) == ("calls", function)}
    waiting: float = sum(
        count * CALL_MILLISECONDS.get(service, OTHER_CALL_MILLISECONDS) for service, count in calls.items()
    )
    if function == ANNOUNCE:
        waiting = waiting / min(conditions.batch, SIDE_BY_SIDE)
    return math.ceil(computing + waiting)


def _billed_invocations(used: UsageCounts, conditions: BillingConditions) -> dict[str, float]:
    functions = used.resources("lambda", "requests")
    alone = {one: used.total("lambda", "requests", of=one) for one in functions}
    # The workflow calls `charge_payment` for one order at a time.
    return {one: count if one == CHARGE_PAYMENT else count / conditions.batch for one, count in alone.items()}


def _gb_seconds(used: UsageCounts, conditions: BillingConditions) -> float:
    seconds = sum(
        function_milliseconds(used, function, conditions) / 1000 for function in used.resources("lambda", "requests")
    )
    return seconds * conditions.memory_mb / 1024


def _queue_requests(used: UsageCounts, conditions: BillingConditions) -> float:
    sent = used.total("sqs", "requests", of=" SendMessage")
    return sent + (used.total("sqs", "requests") - sent) / conditions.batch


def _workflow_lines(used: UsageCounts, conditions: BillingConditions) -> list[BillLine]:
    if conditions.workflow_type == "STANDARD":
        return [BillLine("workflow: state transitions", "standard_transition", used.total("states", "transitions"))]
    states = used.total("states", "transitions") * STATE_MILLISECONDS
    charging = function_milliseconds(used, CHARGE_PAYMENT, conditions)
    steps = math.ceil((states + charging) / EXPRESS_STEP_MILLISECONDS)
    seconds = steps * EXPRESS_STEP_MILLISECONDS / 1000
    return [
        BillLine("workflow: executions", "express_request", used.total("states", "executions")),
        BillLine("workflow: GB-seconds", "express_gb_second", seconds * EXPRESS_GB, is_estimate=True),
    ]


def _api_log(operations: float) -> float:
    return operations * sum(len(entry) + EVENT_BYTES for entry in request_entries()) / GB


def _function_logs(used: UsageCounts, conditions: BillingConditions) -> float:
    told = LEVELS[LEVELS.index(conditions.function_log_level) :]
    lines = sum(_logged_bytes(used, level) for level in (*told, "metrics"))
    of_lambda = sum(len(line) + EVENT_BYTES for line in lambda_lines(traced=conditions.traced > 0))
    return (lines + of_lambda * sum(_billed_invocations(used, conditions).values())) / GB


def _workflow_log(used: UsageCounts, conditions: BillingConditions) -> float:
    if conditions.workflow_log_level == "OFF":
        return 0.0
    # At FATAL there is no more than at ERROR.
    level = "ALL" if conditions.workflow_log_level == "ALL" else "ERROR"
    return _logged_bytes(used, f"{level} {'with' if conditions.workflow_log_data else 'without'} data") / GB


def _logged_bytes(used: UsageCounts, level: str) -> float:
    return used.total("logs", f"bytes at {level}") + EVENT_BYTES * used.total("logs", f"events at {level}")


def _key_requests(used: UsageCounts, conditions: BillingConditions) -> float:
    """Return how often KMS is asked for an order: by a function, in its share of the time, and by Lambda's starts."""
    starts = (
        STARTS_A_RUN * sum(_billed_invocations(used, conditions).values())
        if conditions.has_encrypted_variables
        else 0.0
    )
    return used.total("kms", "requests") + conditions.key_requests_a_second / conditions.orders_a_second + starts


def _count_traces(used: UsageCounts, conditions: BillingConditions, operations: float) -> float:
    """Return how many traces an order begins where all are recorded.

    Each request of the API is one, and each run of a function for a batch; an execution and what it calls are one.
    """
    batches = sum(
        count for function, count in _billed_invocations(used, conditions).items() if function != CHARGE_PAYMENT
    )
    return operations + batches + used.total("states", "executions")


def traced_share(orders_a_second: float) -> float:
    """Return which part of the traces X-Ray records by default: the first of each second, and 5 % of the others.

    Requests come by chance: so many of them are the first in their second.
    """
    first = (1 - math.exp(-orders_a_second)) / orders_a_second
    return first + 0.05 * (1 - first)
