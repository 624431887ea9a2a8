"""Charts and alarms of failures: payments, sweep, workflows, announcements, functions, tables."""

from environments.names import FUNCTIONS, errors_alarm, throttles_alarm
from environments.settings import Settings
from stacks.components.metric import Metric
from stacks.orders.monitoring.charts_and_alarms import AlarmRow, Chart, MonitoredResources
from stacks.orders.monitoring.function_metrics import lambda_metric, own_metric

# With fewer payments a share says nothing: one failure of four is already a quarter.
LEAST_PAYMENTS = 10


def failure_charts(settings: Settings, monitored: MonitoredResources) -> list[Chart]:
    """Return the charts of failures; those that customers notice come first."""
    return [
        Chart(title="Payments that failed for technical reasons", alarms=[_payments(settings)], unit="%"),
        Chart(title="Runs of the sweep", alarms=[_silent_sweep(settings)]),
        Chart(title="Calls that the scheduler lost", alarms=[_schedule(monitored)]),
        Chart(title="Workflows that ended early", alarms=_workflows(monitored)),
        Chart(title="Announcements that failed", alarms=_announcements(settings, monitored)),
        Chart(title="Errors of functions", alarms=[_errors(use_case, settings) for use_case in FUNCTIONS]),
        Chart(title="Calls of functions refused", alarms=[_throttles(use_case, settings) for use_case in FUNCTIONS]),
        Chart(title="Calls of tables refused", alarms=[_tables(monitored)]),
    ]


def _payments(settings: Settings) -> AlarmRow:
    calls = own_metric("PaymentCallsFailed", by="charge_payment", settings=settings)
    return AlarmRow(
        noun="failed-payments",
        description="Payments fail for technical reasons; cards that are declined don't count.",
        line="failed calls of charge_payment",
        metrics=[calls.with_statistic("Average"), calls.with_statistic("SampleCount")],
        expression=f"IF(m2 >= {LEAST_PAYMENTS}, 100 * m1, 0)",
        threshold=settings.alarm_failed_payments_percent,
        unit="%",
        period_seconds=300,
        reason="the workflow retries, so a few failures harm nobody; a tenth means that the gateway is in trouble."
        f" Fewer than {LEAST_PAYMENTS} calls are too few for a percentage",
        outside_in=True,
    )


def _silent_sweep(settings: Settings) -> AlarmRow:
    return AlarmRow(
        noun="sweep-silent",
        description="The sweep doesn't run: orders that stay open are not found, and nothing else would say so.",
        line="runs",
        metrics=[lambda_metric("sweep", "Invocations", settings)],
        threshold=1,
        periods=settings.alarm_sweep_silence_minutes,
        below=True,
        reason="it runs each minute; missing data counts as silence",
        outside_in=True,
    )


def _schedule(monitored: MonitoredResources) -> AlarmRow:
    group = {"ScheduleGroup": monitored.schedule_group}
    names = ("InvocationDroppedCount", "InvocationThrottleCount", "TargetErrorCount", "TargetErrorThrottledCount")
    return AlarmRow(
        noun="schedule-drops",
        description="EventBridge Scheduler could not call the sweep, or announce for what is delayed.",
        line="dropped, throttled or refused",
        metrics=[Metric("AWS/Scheduler", name, group, "Sum") for name in names],
        expression="MAX(FILL(METRICS(), 0))",
        threshold=1,
        period_seconds=300,
        reason="one lost call harms nobody, because the next comes a minute later; two are no accident",
    )


def _workflows(monitored: MonitoredResources) -> list[AlarmRow]:
    workflow = {"StateMachineArn": monitored.workflow_arn}
    return [
        AlarmRow(
            noun="workflow-failures",
            description="A workflow ended without marking its order; the sweep takes the order up again.",
            line="failed",
            metrics=[Metric("AWS/States", "ExecutionsFailed", workflow, "Sum")],
            reason="each state retries, so an execution that failed has used up its retries",
        ),
        AlarmRow(
            noun="workflow-timeouts",
            description="A workflow ran out of time before it marked its order; the sweep takes the order up again.",
            line="timed out",
            metrics=[Metric("AWS/States", "ExecutionsTimedOut", workflow, "Sum")],
            reason="the machine's timeout is longer than all of its retries",
        ),
    ]


def _announcements(settings: Settings, monitored: MonitoredResources) -> list[AlarmRow]:
    mapping = {"EventSourceMappingUUID": monitored.stream_mapping}
    return [
        AlarmRow(
            noun="failed-announcements",
            description="An announcement failed; it is tried again for an hour, once a minute after the first half, "
            "then kept in the bucket of the undelivered; one of a row that can't be read is kept at once.",
            line="failed",
            metrics=[own_metric("AnnouncementsFailed", by="announce", settings=settings)],
            reason="the later announcements of its order wait behind it",
        ),
        AlarmRow(
            noun="undelivered-announcements",
            description="Announcements were given up after an hour and wait in the bucket of the undelivered.",
            line="given up",
            metrics=[Metric("AWS/Lambda", "OnFailureDestinationDeliveredEventCount", mapping, "Sum")],
            reason="nobody but a person announces what is there",
        ),
    ]


def _errors(use_case: str, settings: Settings) -> AlarmRow:
    if use_case == "sweep":
        return AlarmRow(
            noun=errors_alarm(use_case),
            description="The sweep failed: orders that stay open are not found.",
            line=use_case,
            metrics=[lambda_metric(use_case, "Errors", settings)],
            reason="an order that it can't handle stays open until a person mends its row",
        )
    return AlarmRow(
        noun=errors_alarm(use_case),
        description=f"{use_case} ends with errors.",
        line=use_case,
        metrics=[lambda_metric(use_case, "Errors", settings)],
        threshold=settings.alarm_function_errors,
        period_seconds=300,
        reason="every caller tries again, so a single crash harms nobody",
    )


def _throttles(use_case: str, settings: Settings) -> AlarmRow:
    return AlarmRow(
        noun=throttles_alarm(use_case),
        description=f"Lambda refuses to run {use_case}: the account's concurrency, or the function's, is used up.",
        line=use_case,
        metrics=[lambda_metric(use_case, "Throttles", settings)],
        reason="each throttled call makes orders late",
    )


def _tables(monitored: MonitoredResources) -> AlarmRow:
    of_tables = [{"TableName": table} for table in monitored.tables]
    of_indexes = [{"TableName": table, "GlobalSecondaryIndexName": index} for table, index in monitored.indexes]
    return AlarmRow(
        noun="table-throttles",
        description="DynamoDB refuses reads or writes of the tables, or of their indexes.",
        line="reads and writes",
        metrics=[
            Metric("AWS/DynamoDB", f"{kind}ThrottleEvents", dimensions, "Sum")
            for dimensions in [*of_tables, *of_indexes]
            for kind in ("Read", "Write")
        ],
        expression="SUM(FILL(METRICS(), 0))",
        period_seconds=300,
        reason="tables on demand throttle only at twice their largest load so far, or at one busy key",
    )
