"""The alarms of an environment as a table: what each watches, from when on it goes off, and why from there.

The table names metrics, and knows neither Terraform nor CloudWatch's API: a dashboard can be made of the same rows.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from environments.names import FUNCTIONS, METRICS_NAMESPACE, durations_alarm, errors_alarm, throttles_alarm
from environments.settings import Settings
from stacks.components.metric import Metric

# Too few payments make no share: the one of four that failed is a quarter.
LEAST_PAYMENTS = 10


@dataclass(frozen=True)
class Watched:
    """The things that rows watch and that only the stack knows."""

    api_id: str
    workflow_arn: str
    queue: str
    dead_letter_queue: str
    tables: Sequence[str]
    indexes: Sequence[tuple[str, str]]
    stream_mapping: str
    schedule_group: str


@dataclass(frozen=True, kw_only=True)
class Row:
    """An alarm: what it says, what it watches, the value above which it goes off, and the reason for that value.

    With `below` it goes off under the value, and when nothing comes. A customer notices what is `outside_in`.
    """

    noun: str
    says: str
    metrics: Sequence[Metric]
    reason: str
    threshold: int = 0
    unit: str = ""
    expression: str | None = None
    period_seconds: int = 60
    periods: int = 1
    below: bool = False
    outside_in: bool = False

    @property
    def goes_off(self) -> str:
        """The condition in words: `above 5 in 5 min`."""
        minutes = self.period_seconds * self.periods // 60
        unit = f" {self.unit}" if self.unit else ""
        return f"{'below' if self.below else 'above'} {self.threshold}{unit} in {minutes} min"


def rows(settings: Settings, watched: Watched) -> list[Row]:
    """Return the rows of an environment: what customers notice, then where to look."""
    return [
        *_outside_in(settings, watched),
        *_orders(settings, watched),
        *_announcements(settings, watched),
        *_functions(settings),
        _tables(watched),
        _schedule(watched),
    ]


def _outside_in(settings: Settings, watched: Watched) -> Iterator[Row]:
    api = {"GraphQLAPIId": watched.api_id}
    yield Row(
        noun="api-errors",
        says="The API answers with errors of its own.",
        metrics=[Metric("AWS/AppSync", "5XXError", api, "Sum")],
        threshold=settings.alarm_api_errors,
        period_seconds=300,
        reason="one failure is somebody's bad luck, and clients try again",
        outside_in=True,
    )
    yield Row(
        noun="api-latency",
        says="One call of the API in twenty is slow.",
        metrics=[Metric("AWS/AppSync", "Latency", api, "p95")],
        threshold=settings.alarm_api_p95_milliseconds,
        unit="ms",
        period_seconds=300,
        periods=2,
        reason="a resolver waits for DynamoDB alone: tens of milliseconds; above a second a person notices",
        outside_in=True,
    )
    yield Row(
        noun="late-orders",
        says=f"Orders that could have been paid for {settings.alarm_order_late_seconds} s are not final.",
        metrics=[_counted("OrdersLate", by="sweep", settings=settings)],
        period_seconds=300,
        reason="an order takes seconds; the longest wait by design is the lease of a workflow that died",
        outside_in=True,
    )
    yield Row(
        noun="old-hints",
        says="Hints of placed orders wait on the queue, so no workflow starts for them.",
        metrics=[Metric("AWS/SQS", "ApproximateAgeOfOldestMessage", {"QueueName": watched.queue})],
        threshold=settings.alarm_hint_age_seconds + settings.change_window_seconds,
        unit="s",
        reason="a hint that failed twice comes back after 60 s each; a third failure is no accident. A hint is on the"
        " queue during the change window too",
        outside_in=True,
    )
    payments = _counted("PaymentCallsFailed", by="charge_payment", settings=settings)
    yield Row(
        noun="failed-payments",
        says="Payments fail for technical reasons; cards that are declined don't count.",
        metrics=[_with(payments, "Average"), _with(payments, "SampleCount")],
        expression=f"IF(m2 >= {LEAST_PAYMENTS}, 100 * m1, 0)",
        threshold=settings.alarm_failed_payments_percent,
        unit="%",
        period_seconds=300,
        reason="the workflow tries again, so a few are healed; a tenth is a gateway in trouble."
        f" Fewer than {LEAST_PAYMENTS} calls make no share",
        outside_in=True,
    )
    yield Row(
        noun="sweep-silent",
        says="The sweep doesn't run: orders that stay open are not found, and nothing else would say so.",
        metrics=[_of_function("sweep", "Invocations", settings, "Sum")],
        threshold=1,
        periods=settings.alarm_sweep_silence_minutes,
        below=True,
        reason="it runs each minute; missing data counts as silence",
        outside_in=True,
    )


def _orders(settings: Settings, watched: Watched) -> Iterator[Row]:
    dead_letters = {"QueueName": watched.dead_letter_queue}
    workflow = {"StateMachineArn": watched.workflow_arn}
    yield Row(
        noun="dead-letters",
        says="A message could not be processed four times and waits in the dead-letter queue.",
        metrics=[Metric("AWS/SQS", "ApproximateNumberOfMessagesVisible", dead_letters)],
        reason="nobody but a person takes a message from there",
    )
    yield Row(
        noun="orders-taken-up",
        says="The sweep took an order up: its own hint was lost or late, or its workflow ended early.",
        metrics=[_counted("OrdersTakenUp", by="sweep", settings=settings)],
        reason="the sweep heals one lost hint, but with few orders a right that is missing shows as one",
    )
    yield Row(
        noun="orders-given-up",
        says="The sweep settled an order that stayed open too long.",
        metrics=[_counted("OrdersGivenUp", by="sweep", settings=settings)],
        reason="a customer waited for half an hour, and for nothing unless the order was charged",
    )
    yield Row(
        noun="workflow-failures",
        says="A workflow ended without marking its order; the sweep takes the order up again.",
        metrics=[Metric("AWS/States", "ExecutionsFailed", workflow)],
        reason="each state tries again, so a failure has used that up",
    )
    yield Row(
        noun="workflow-timeouts",
        says="A workflow ran out of time before it marked its order; the sweep takes the order up again.",
        metrics=[Metric("AWS/States", "ExecutionsTimedOut", workflow)],
        reason="the machine's timeout is longer than all of its retries",
    )


def _announcements(settings: Settings, watched: Watched) -> Iterator[Row]:
    yield Row(
        noun="failed-announcements",
        says="An announcement failed; it is tried again for an hour, then kept in the bucket of the undelivered; "
        "one of a row that can't be read is kept at once.",
        metrics=[_counted("AnnouncementsFailed", by="announce", settings=settings)],
        reason="the announcements behind it wait",
    )
    yield Row(
        noun="late-announcements",
        says="Announcements wait for more than a minute.",
        metrics=[_of_function("announce", "IteratorAge", settings)],
        threshold=60_000,
        unit="ms",
        reason="the page shows a change within a second",
    )
    yield Row(
        noun="undelivered-announcements",
        says="Announcements were given up after an hour and wait in the bucket of the undelivered.",
        metrics=[
            Metric(
                "AWS/Lambda",
                "OnFailureDestinationDeliveredEventCount",
                {"EventSourceMappingUUID": watched.stream_mapping},
                "Sum",
            )
        ],
        reason="nobody but a person announces what is there",
    )


def _functions(settings: Settings) -> Iterator[Row]:
    for use_case in FUNCTIONS:
        yield Row(
            noun=throttles_alarm(use_case),
            says=f"Lambda refuses to run {use_case}: the account's concurrency, or the function's, is used up.",
            metrics=[_of_function(use_case, "Throttles", settings)],
            reason="orders are late by each",
        )
    for use_case in FUNCTIONS:
        yield _errors(use_case, settings)
    for use_case in FUNCTIONS:
        yield Row(
            noun=durations_alarm(use_case),
            says=f"{use_case} nearly runs out of its {settings.timeouts.of(use_case)} s.",
            metrics=[_of_function(use_case, "Duration", settings)],
            threshold=settings.timeouts.of(use_case) * 10 * settings.alarm_duration_percent,
            unit="ms",
            reason=f"{settings.alarm_duration_percent} % of its timeout: what is slower is about to be cut off",
        )


def _errors(use_case: str, settings: Settings) -> Row:
    if use_case == "sweep":
        return Row(
            noun=errors_alarm(use_case),
            says="The sweep failed: orders that stay open are not found.",
            metrics=[_of_function(use_case, "Errors", settings)],
            reason="an order that it can't handle stays open until a person mends its row",
        )
    return Row(
        noun=errors_alarm(use_case),
        says=f"{use_case} ends with errors.",
        metrics=[_of_function(use_case, "Errors", settings, "Sum")],
        threshold=settings.alarm_function_errors,
        period_seconds=300,
        reason="whoever calls it tries again, so that a single crash harms nobody",
    )


def _tables(watched: Watched) -> Row:
    of_tables = [{"TableName": table} for table in watched.tables]
    of_indexes = [{"TableName": table, "GlobalSecondaryIndexName": index} for table, index in watched.indexes]
    return Row(
        noun="table-throttles",
        says="DynamoDB refuses reads or writes of the tables, or of their indexes.",
        metrics=[
            Metric("AWS/DynamoDB", f"{kind}ThrottleEvents", dimensions, "Sum")
            for dimensions in [*of_tables, *of_indexes]
            for kind in ("Read", "Write")
        ],
        expression="SUM(FILL(METRICS(), 0))",
        period_seconds=300,
        reason="tables on demand throttle only at twice their largest load so far, or at one busy key",
    )


def _schedule(watched: Watched) -> Row:
    group = {"ScheduleGroup": watched.schedule_group}
    names = ("InvocationDroppedCount", "InvocationThrottleCount", "TargetErrorCount", "TargetErrorThrottledCount")
    return Row(
        noun="schedule-drops",
        says="EventBridge Scheduler could not call the sweep.",
        metrics=[Metric("AWS/Scheduler", name, group, "Sum") for name in names],
        expression="MAX(FILL(METRICS(), 0))",
        threshold=1,
        period_seconds=300,
        reason="the next minute's call comes anyway; two that are lost are no accident",
    )


def _of_function(use_case: str, metric: str, settings: Settings, statistic: str = "Maximum") -> Metric:
    """Return what Lambda measures of a function."""
    return Metric("AWS/Lambda", metric, {"FunctionName": settings.names.function(use_case)}, statistic)


def _counted(metric: str, *, by: str, settings: Settings) -> Metric:
    """Return what a function counts: `orders.metrics` writes namespace and dimensions."""
    return Metric(METRICS_NAMESPACE, metric, {"service": by, "environment": settings.environment})


def _with(metric: Metric, statistic: str) -> Metric:
    return Metric(metric.namespace, metric.name, metric.dimensions, statistic)
