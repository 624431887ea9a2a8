"""CloudWatch metrics, and the lines that a graph draws of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Metric:
    """A metric, and the statistic of the values of one period: `Sum`, `Maximum`, `p95`."""

    namespace: str
    name: str
    dimensions: Mapping[str, str]
    statistic: str = "Maximum"

    def with_statistic(self, statistic: str) -> "Metric":
        """Return the same metric with another statistic."""
        return replace(self, statistic=statistic)


@dataclass(frozen=True)
class GraphLine:
    """A metric as a line over time."""

    label: str
    metric: Metric
    period_seconds: int = 300


@dataclass(frozen=True)
class Formula:
    """A line computed from metrics, which the expression calls m1, m2 and so on."""

    label: str
    expression: str
    metrics: Sequence[Metric]
    period_seconds: int = 300


@dataclass(frozen=True)
class Search:
    """A line for each value of one more dimension; the values needn't be known."""

    metric: Metric
    by: str
    period_seconds: int = 300
