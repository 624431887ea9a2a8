"""Rules for the lines of a chart."""

import pytest

from stacks.components.metric import Formula, Line, Metric
from stacks.orders.monitoring.rows import Chart

METRIC = Metric("AWS/SQS", "NumberOfMessagesSent", {"QueueName": "placed"}, "Sum")
OF_ALL = Formula("all", "SUM(METRICS())", [METRIC, METRIC])


def test_what_is_made_of_all_metrics_of_a_chart_is_alone_in_it() -> None:
    assert Chart(title="Messages", lines=[OF_ALL]).drawn == [OF_ALL]

    with pytest.raises(
        ValueError, match=r"^Messages: METRICS\(\) means all metrics of a chart, so 'all' must be alone"
    ):
        Chart(title="Messages", lines=[OF_ALL, Line("sent", METRIC)])
