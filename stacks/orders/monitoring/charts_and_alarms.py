"""The rows of the table: charts, and the alarms on the metrics that they show.

Rows name metrics. They depend neither on Terraform nor on CloudWatch's API.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from stacks.components.metric import Formula, GraphLine, Metric, Search


@dataclass(frozen=True)
class MonitoredResources:
    """The deployed resources that rows watch; only the stack knows their names and ids."""

    api_id: str
    workflow_arn: str
    queue: str
    dead_letter_queue: str
    tables: Sequence[str]
    indexes: Sequence[tuple[str, str]]
    stream_mapping: str
    schedule_group: str


@dataclass(frozen=True, kw_only=True)
class AlarmRow:
    """An alarm: its text, its metrics, the threshold above which it goes off, and why that one.

    With `below`, it goes off under the threshold, and also without data. `outside_in` marks alarms
    of what a customer notices. `line` is the label in the chart.
    """

    noun: str
    description: str
    line: str
    metrics: Sequence[Metric]
    reason: str
    threshold: int = 0
    unit: str = ""
    expression: str | None = None
    period_seconds: int = 60
    periods: int = 1
    below: bool = False
    outside_in: bool = False

    @property
    def condition(self) -> str:
        """The condition in words: `above 5 in 5 min`."""
        minutes = self.period_seconds * self.periods // 60
        unit = f" {self.unit}" if self.unit else ""
        return f"{'below' if self.below else 'above'} {self.threshold}{unit} in {minutes} min"

    @property
    def graph_line(self) -> GraphLine | Formula:
        """The line that the alarm compares with its threshold."""
        if self.expression is not None:
            return Formula(self.line, self.expression, self.metrics, self.period_seconds)
        (metric,) = self.metrics
        return GraphLine(self.line, metric, self.period_seconds)


@dataclass(frozen=True, kw_only=True)
class Chart:
    """The metrics of some alarms, and `lines` that help to read them or have no alarm."""

    title: str
    alarms: Sequence[AlarmRow] = ()
    lines: Sequence[GraphLine | Formula | Search] = ()
    unit: str = ""

    def __post_init__(self) -> None:
        of_all = [one.label for one in self.graph_lines if isinstance(one, Formula) and "METRICS()" in one.expression]
        if of_all and len(self.graph_lines) > 1:
            raise ValueError(
                f"{self.title}: METRICS() means all metrics of a chart, so {of_all[0]!r} must be alone in it"
            )

    @property
    def graph_lines(self) -> list[GraphLine | Formula | Search]:
        """All lines, those with an alarm first."""
        return [*(alarm.graph_line for alarm in self.alarms), *self.lines]


@dataclass(frozen=True)
class Section:
    """A question, and the charts that answer it."""

    question: str
    charts: Sequence[Chart]
