"""Alarms of the orders system, with the metric and the threshold of each."""

from constructs import Construct

from environments.names import ALARMS, FUNCTIONS, METRICS_NAMESPACE, throttles_alarm
from environments.runbooks import runbook
from environments.settings import Settings
from stacks.components.alarm import Alarm
from stacks.components.queue import Queue
from stacks.components.state_machine import StateMachine
from stacks.components.topic import AlarmTopic


def add_alarms(
    scope: Construct, settings: Settings, *, placed: Queue, workflow: StateMachine, topic: AlarmTopic
) -> None:
    """Add the alarms of one environment; docs/operations.md says what to do at each."""
    # What happened, the metric that tells it, and the value above which the alarm goes off.
    metrics = {
        "dead-letters": (
            "A message could not be processed four times and waits in the dead-letter queue.",
            ("AWS/SQS", "ApproximateNumberOfMessagesVisible", {"QueueName": placed.dead_letter_queue_name}),
            0,
        ),
        "orders-taken-up": (
            "The sweep took an order up: its own hint was lost or late, or its workflow ended early.",
            _counted("OrdersTakenUp", by="sweep", settings=settings),
            0,  # One lost hint is healed by the sweep, but with few orders a right that is missing shows as one.
        ),
        "orders-given-up": (
            "The sweep settled an order that stayed open too long.",
            _counted("OrdersGivenUp", by="sweep", settings=settings),
            0,
        ),
        "workflow-failures": (
            "A workflow ended without marking its order; the sweep takes the order up again.",
            ("AWS/States", "ExecutionsFailed", {"StateMachineArn": workflow.known_arn}),
            0,
        ),
        "workflow-timeouts": (
            "A workflow ran out of time before it marked its order; the sweep takes the order up again.",
            ("AWS/States", "ExecutionsTimedOut", {"StateMachineArn": workflow.known_arn}),
            0,
        ),
        "failed-announcements": (
            "An announcement failed; it is tried again for an hour, then kept in the bucket of the undelivered; "
            "one of a row that can't be read is kept at once.",
            _counted("AnnouncementsFailed", by="announce", settings=settings),
            0,
        ),
        "late-announcements": (
            "Announcements wait for more than a minute.",
            _of_function("announce", "IteratorAge", settings),
            60_000,  # milliseconds
        ),
        "sweep-errors": (
            "The sweep failed: orders that stay open are not found.",
            _of_function("sweep", "Errors", settings),
            0,
        ),
        **{
            throttles_alarm(use_case): (
                f"Lambda refuses to run {use_case}: the account's concurrency, or the function's, is used up.",
                _of_function(use_case, "Throttles", settings),
                0,
            )
            for use_case in FUNCTIONS
        },
    }
    for noun in ALARMS:
        description, (namespace, metric, dimensions), threshold = metrics[noun]
        Alarm(
            scope,
            f"{noun}-alarm",
            name=settings.name(noun),
            description=f"{description} Runbook: {runbook(noun, settings)}",
            topic_arn=topic.arn,
            namespace=namespace,
            metric=metric,
            dimensions=dimensions,
            threshold=threshold,
        )


def _of_function(use_case: str, metric: str, settings: Settings) -> tuple[str, str, dict[str, str]]:
    """Return what Lambda measures of a function."""
    return "AWS/Lambda", metric, {"FunctionName": settings.names.function(use_case)}


def _counted(metric: str, *, by: str, settings: Settings) -> tuple[str, str, dict[str, str]]:
    """Return what a function counts: `orders.metrics` writes namespace and dimensions."""
    return METRICS_NAMESPACE, metric, {"service": by, "environment": settings.environment}
