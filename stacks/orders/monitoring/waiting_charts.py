"""Charts and alarms of waiting orders: in queues, the stream, workflows and functions."""

from environments.names import FUNCTIONS, durations_alarm
from environments.settings import Settings
from stacks.components.metric import GraphLine, Metric
from stacks.orders.monitoring.charts_and_alarms import AlarmRow, Chart, MonitoredResources
from stacks.orders.monitoring.function_metrics import lambda_metric, own_metric


def waiting_charts(settings: Settings, monitored: MonitoredResources) -> list[Chart]:
    """Return the charts of all places where an order can wait, in the order of the flow."""
    return [*_hints(settings, monitored), *_workflows_and_functions(settings, monitored), _announcements(settings)]


def _hints(settings: Settings, monitored: MonitoredResources) -> list[Chart]:
    queue, dead_letters = {"QueueName": monitored.queue}, {"QueueName": monitored.dead_letter_queue}
    old_hints = AlarmRow(
        noun="old-hints",
        description="Hints of placed orders wait on the queue, so no workflow starts for them.",
        line="oldest hint",
        metrics=[Metric("AWS/SQS", "ApproximateAgeOfOldestMessage", queue)],
        threshold=settings.alarm_hint_age_seconds + settings.change_window_seconds,
        unit="s",
        reason="a hint that failed twice comes back after 60 s each; a third failure is no accident. A hint is on the"
        " queue during the change window too",
        outside_in=True,
    )
    dead = AlarmRow(
        noun="dead-letters",
        description="A message could not be processed four times and waits in the dead-letter queue.",
        line="dead letters",
        metrics=[Metric("AWS/SQS", "ApproximateNumberOfMessagesVisible", dead_letters)],
        reason="nobody but a person takes a message from there",
    )
    kinds = {"waiting": "Visible", "at work": "NotVisible", "delayed": "Delayed"}
    return [
        Chart(title="Age of the oldest hint", alarms=[old_hints], unit="s"),
        Chart(
            title="Hints on the queue",
            lines=[
                GraphLine(label, Metric("AWS/SQS", f"ApproximateNumberOfMessages{kind}", queue))
                for label, kind in kinds.items()
            ],
        ),
        Chart(title="Dead letters", alarms=[dead]),
    ]


def _workflows_and_functions(settings: Settings, monitored: MonitoredResources) -> list[Chart]:
    taken_up = AlarmRow(
        noun="orders-taken-up",
        description="The sweep took an order up: its own hint was lost or late, or its workflow ended early.",
        line="taken up",
        metrics=[own_metric("OrdersTakenUp", by="sweep", settings=settings)],
        reason="the sweep heals a lost hint; but where orders are few, a missing permission looks the same",
    )
    given_up = AlarmRow(
        noun="orders-given-up",
        description="The sweep settled an order that stayed open too long.",
        line="given up",
        metrics=[own_metric("OrdersGivenUp", by="sweep", settings=settings)],
        reason="a customer waited for half an hour, and in vain unless the order was charged",
    )
    took = Metric("AWS/States", "ExecutionTime", {"StateMachineArn": monitored.workflow_arn})
    return [
        Chart(title="Orders that the sweep moved on", alarms=[taken_up, given_up]),
        Chart(
            title="Duration of workflows",
            lines=[GraphLine("average", took.with_statistic("Average")), GraphLine("longest", took)],
            unit="ms",
        ),
        Chart(title="Duration of functions, longest", alarms=_durations(settings), unit="ms"),
        Chart(
            title="Functions at work at once",
            lines=[
                GraphLine(use_case, lambda_metric(use_case, "ConcurrentExecutions", settings, "Maximum"))
                for use_case in FUNCTIONS
            ],
        ),
    ]


def _durations(settings: Settings) -> list[AlarmRow]:
    return [
        AlarmRow(
            noun=durations_alarm(use_case),
            description=f"{use_case} nearly runs out of its {settings.timeouts.of(use_case)} s.",
            line=use_case,
            metrics=[lambda_metric(use_case, "Duration", settings, "Maximum")],
            threshold=settings.timeouts.of(use_case) * 10 * settings.alarm_duration_percent,
            unit="ms",
            reason=f"{settings.alarm_duration_percent} % of its timeout: a slower call may be cut off",
        )
        for use_case in FUNCTIONS
    ]


def _announcements(settings: Settings) -> Chart:
    row = AlarmRow(
        noun="late-announcements",
        description="Announcements wait for more than a minute.",
        line="oldest change",
        metrics=[lambda_metric("announce", "IteratorAge", settings, "Maximum")],
        threshold=60_000,
        unit="ms",
        reason="the page shows a change within a second",
    )
    return Chart(title="Age of what is announced", alarms=[row], unit="ms")
