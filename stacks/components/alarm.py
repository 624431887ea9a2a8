"""CloudWatch alarms."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from cdktf_cdktf_provider_aws.cloudwatch_composite_alarm import CloudwatchCompositeAlarm
from cdktf_cdktf_provider_aws.cloudwatch_metric_alarm import (
    CloudwatchMetricAlarm,
    CloudwatchMetricAlarmMetricQuery,
    CloudwatchMetricAlarmMetricQueryMetric,
)
from constructs import Construct

from stacks.components.metric import Metric


class Alarm(Construct):
    """An alarm on a metric; the topic gets a message when it goes off and when it is over.

    It goes off when all of the last `periods` are above the threshold; with `below`, under it.
    Missing data count as good; with `below`, as bad. `expression` makes one metric of several,
    which it calls m1, m2 and so on.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        description: str,
        topic_arn: str,
        metrics: Sequence[Metric],
        threshold: int,
        expression: str | None = None,
        period_seconds: int = 60,
        periods: int = 1,
        below: bool = False,
    ) -> None:
        super().__init__(scope, id_)
        self._resource = CloudwatchMetricAlarm(
            self,
            "Resource",
            alarm_name=name,
            alarm_description=description,
            comparison_operator="LessThanThreshold" if below else "GreaterThanThreshold",
            threshold=threshold,
            evaluation_periods=periods,
            treat_missing_data="breaching" if below else "notBreaching",
            alarm_actions=[topic_arn],
            ok_actions=[topic_arn],
            **_watching(metrics, expression, period_seconds),
        )

    @cached_property
    def name(self) -> str:
        """The alarm's name, which carries the dependency on the alarm."""
        return str(self._resource.alarm_name)


class CompositeAlarm(Construct):
    """An alarm that is on while any of others is; the topic gets a message at begin and end."""

    def __init__(
        self, scope: Construct, id_: str, *, name: str, description: str, topic_arn: str, alarms: Sequence[Alarm]
    ) -> None:
        super().__init__(scope, id_)
        CloudwatchCompositeAlarm(
            self,
            "Resource",
            alarm_name=name,
            alarm_description=description,
            alarm_rule=" OR ".join(f"ALARM({alarm.name})" for alarm in alarms),
            alarm_actions=[topic_arn],
            ok_actions=[topic_arn],
        )


def _watching(metrics: Sequence[Metric], expression: str | None, period_seconds: int) -> dict[str, Any]:
    """Return the arguments that say what an alarm watches: its one metric, or the expression."""
    if expression is not None:
        queries = [
            CloudwatchMetricAlarmMetricQuery(
                id=f"m{number}",
                return_data=False,
                metric=CloudwatchMetricAlarmMetricQueryMetric(
                    namespace=metric.namespace,
                    metric_name=metric.name,
                    dimensions=dict(metric.dimensions),
                    period=period_seconds,
                    stat=metric.statistic,
                ),
            )
            for number, metric in enumerate(metrics, start=1)
        ]
        result = CloudwatchMetricAlarmMetricQuery(id="result", expression=expression, label="result", return_data=True)
        return {"metric_query": [*queries, result]}
    (metric,) = metrics
    watched = {
        "namespace": metric.namespace,
        "metric_name": metric.name,
        "dimensions": dict(metric.dimensions),
        "period": period_seconds,
    }
    if metric.statistic.startswith("p"):
        # Of a few values, a percentile is the largest: don't evaluate it then.
        return {
            **watched,
            "extended_statistic": metric.statistic,
            "evaluate_low_sample_count_percentiles": "ignore",
        }
    return {**watched, "statistic": metric.statistic}
