"""CloudWatch alarms."""

from collections.abc import Sequence

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
        )
        if expression is None:
            (metric,) = metrics
            self._watch(metric, period_seconds)
        else:
            self._watch_expression(metrics, expression, period_seconds)

    @property
    def name(self) -> str:
        """The alarm's name, which carries the dependency on the alarm."""
        return str(self._resource.alarm_name)

    def _watch(self, metric: Metric, period_seconds: int) -> None:
        self._resource.namespace = metric.namespace
        self._resource.metric_name = metric.name
        self._resource.dimensions = dict(metric.dimensions)
        self._resource.period = period_seconds
        if metric.statistic.startswith("p"):
            self._resource.extended_statistic = metric.statistic
            # Of a few values, a percentile is the largest: don't evaluate it then.
            self._resource.evaluate_low_sample_count_percentiles = "ignore"
        else:
            self._resource.statistic = metric.statistic

    def _watch_expression(self, metrics: Sequence[Metric], expression: str, period_seconds: int) -> None:
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
        self._resource.put_metric_query([*queries, result])


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
