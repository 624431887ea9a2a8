"""CloudWatch alarms."""

from collections.abc import Mapping

from cdktf_cdktf_provider_aws.cloudwatch_metric_alarm import CloudwatchMetricAlarm
from constructs import Construct


class Alarm(Construct):
    """An alarm that goes off when the metric exceeds the threshold in one period; silence counts as good.

    The topic hears when it goes off and when it is over.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        description: str,
        topic_arn: str,
        namespace: str,
        metric: str,
        dimensions: Mapping[str, str],
        threshold: int = 0,
        statistic: str = "Maximum",
        period_seconds: int = 60,
    ) -> None:
        super().__init__(scope, id_)
        CloudwatchMetricAlarm(
            self,
            "Resource",
            alarm_name=name,
            alarm_description=description,
            namespace=namespace,
            metric_name=metric,
            dimensions=dict(dimensions),
            comparison_operator="GreaterThanThreshold",
            threshold=threshold,
            statistic=statistic,
            period=period_seconds,
            evaluation_periods=1,
            treat_missing_data="notBreaching",
            alarm_actions=[topic_arn],
            ok_actions=[topic_arn],
        )
