"""CloudWatch metrics."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Metric:
    """A metric, and what is made of the values of one period: `Sum`, `Maximum`, `p95`."""

    namespace: str
    name: str
    dimensions: Mapping[str, str]
    statistic: str = "Maximum"
