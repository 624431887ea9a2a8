"""CloudWatch metrics, and what is drawn of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Metric:
    """A metric, and what is made of the values of one period: `Sum`, `Maximum`, `p95`."""

    namespace: str
    name: str
    dimensions: Mapping[str, str]
    statistic: str = "Maximum"

    def with_statistic(self, statistic: str) -> "Metric":
        """Return the metric with something else made of its values."""
        return replace(self, statistic=statistic)


@dataclass(frozen=True)
class Line:
    """A metric as a line over time."""

    label: str
    metric: Metric
    period_seconds: int = 300


@dataclass(frozen=True)
class Formula:
    """A line that is computed from metrics; they are called m1, m2 and so on in the expression."""

    label: str
    expression: str
    metrics: Sequence[Metric]
    period_seconds: int = 300


@dataclass(frozen=True)
class Search:
    """A line for each value that one more dimension of the metric has; nobody has to know the values."""

    metric: Metric
    by: str
    period_seconds: int = 300
