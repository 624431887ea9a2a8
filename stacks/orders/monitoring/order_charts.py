"""Do orders flow? The business, and what customers notice first."""

from environments.settings import Settings
from stacks.components.metric import Formula, GraphLine, Metric, Search
from stacks.orders.monitoring.charts_and_alarms import AlarmRow, Chart, MonitoredResources
from stacks.orders.monitoring.function_metrics import own_metric

OUTCOMES = {
    "paid": "OrdersPaid",
    "declined": "OrdersDeclined",
    "failed": "OrdersFailed",
    "cancelled": "OrdersCancelled",
}


def order_charts(settings: Settings, monitored: MonitoredResources) -> list[Chart]:
    """Return the charts of incoming orders, outcomes, and the time between."""
    ended = {outcome: own_metric(name, by="announce", settings=settings) for outcome, name in OUTCOMES.items()}
    duration = own_metric("OrderDuration", by="announce", settings=settings)
    return [
        Chart(
            title="Orders by their end (repeats included)",
            lines=[GraphLine(outcome, metric) for outcome, metric in ended.items()],
        ),
        Chart(
            title="From placed to final",
            lines=[GraphLine(statistic, duration.with_statistic(statistic)) for statistic in ("p50", "p95")],
            unit="ms",
        ),
        Chart(title="Orders that end unpaid", lines=_shares(ended), unit="%"),
        _errors(settings, monitored),
        _latency(settings, monitored),
        Chart(title="Orders that are late", alarms=[_late_orders(settings)]),
        Chart(
            title="Revenue by currency (minor units, repeats included)",
            lines=[Search(own_metric("Revenue", by="announce", settings=settings), by="currency")],
        ),
    ]


def _late_orders(settings: Settings) -> AlarmRow:
    return AlarmRow(
        noun="late-orders",
        description=f"Orders that could have been paid for {settings.alarm_order_late_seconds} s are not final.",
        line="late at once",
        # Late orders are counted anew each minute, so a sum would count one order several times.
        metrics=[own_metric("OrdersLate", by="sweep", settings=settings, statistic="Maximum")],
        period_seconds=300,
        reason="an order takes seconds; the longest wait by design is the lease of a workflow that died",
        outside_in=True,
    )


def _shares(ended: dict[str, Metric]) -> list[Formula]:
    """Return the share of orders that the bank refused, and of those that failed technically.

    Cancelled orders don't count: they were never to be paid.
    """
    metrics = [ended["declined"], ended["failed"], ended["paid"]]
    return [
        Formula("declined", "100 * FILL(m1, 0) / (FILL(m1, 0) + FILL(m2, 0) + FILL(m3, 0))", metrics),
        Formula(
            "failed for technical reasons", "100 * FILL(m2, 0) / (FILL(m1, 0) + FILL(m2, 0) + FILL(m3, 0))", metrics
        ),
    ]


def _errors(settings: Settings, monitored: MonitoredResources) -> Chart:
    api = {"GraphQLAPIId": monitored.api_id}
    row = AlarmRow(
        noun="api-errors",
        description="The API answers with errors of its own.",
        line="5XX",
        metrics=[Metric("AWS/AppSync", "5XXError", api, "Sum")],
        threshold=settings.alarm_api_errors,
        period_seconds=300,
        reason="a single failure harms nobody, because clients try again",
        outside_in=True,
    )
    return Chart(
        title="Errors of the API", alarms=[row], lines=[GraphLine("4XX", Metric("AWS/AppSync", "4XXError", api, "Sum"))]
    )


def _latency(settings: Settings, monitored: MonitoredResources) -> Chart:
    latency = Metric("AWS/AppSync", "Latency", {"GraphQLAPIId": monitored.api_id}, "p95")
    row = AlarmRow(
        noun="api-latency",
        description="One call of the API in twenty is slow.",
        line="p95",
        metrics=[latency],
        threshold=settings.alarm_api_p95_milliseconds,
        unit="ms",
        period_seconds=300,
        periods=2,
        reason="a resolver waits for DynamoDB alone: tens of milliseconds; above a second a person notices",
        outside_in=True,
    )
    return Chart(
        title="Latency of the API", alarms=[row], lines=[GraphLine("p50", latency.with_statistic("p50"))], unit="ms"
    )
