"""Rules for the lines of a chart."""

import pytest

from stacks.components.metric import Formula, GraphLine, Metric
from stacks.orders.monitoring.charts_and_alarms import Chart

METRIC = Metric("AWS/SQS", "NumberOfMessagesSent", {"QueueName": "placed"}, "Sum")
OF_ALL = Formula("all", "SUM(METRICS())", [METRIC, METRIC])


def test_what_is_made_of_all_metrics_of_a_chart_is_alone_in_it() -> None:
    assert Chart(title="Messages", lines=[OF_ALL]).graph_lines == [OF_ALL]

    with pytest.raises(
        ValueError, match=r"^Messages: METRICS\(\) means all metrics of a chart, so 'all' must be alone"
    ):
        Chart(title="Messages", lines=[OF_ALL, GraphLine("sent", METRIC)])
