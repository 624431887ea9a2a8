"""CloudWatch dashboards."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cdktf_cdktf_provider_aws.cloudwatch_dashboard import CloudwatchDashboard
from constructs import Construct

from stacks.components.metric import Formula, GraphLine, Metric, Search

# The grid has 24 columns; heights are in the same unit (CloudWatch API reference, "Dashboard Body Structure").
COLUMNS = 24
GRAPH_WIDTH, GRAPH_HEIGHT = 8, 6
HEADING_HEIGHT = 1
ALARMS_HEIGHT = 5
RED = "#d62728"

Widget = dict[str, Any]


@dataclass(frozen=True)
class Threshold:
    """A value at which an alarm goes off: above it, or `below`."""

    label: str
    value: int
    below: bool


@dataclass(frozen=True, kw_only=True)
class DashboardGraph:
    """Lines over time, with the thresholds that they shouldn't cross; the unit is that of the vertical axis."""

    title: str
    lines: Sequence[GraphLine | Formula | Search]
    thresholds: Sequence[Threshold] = ()
    unit: str = ""


class Dashboard(Construct):
    """The states of alarms, and below them graphs, three a row, in sections with a heading."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        region: str,
        alarm_arns: Sequence[str],
        sections: Mapping[str, Sequence[DashboardGraph]],
    ) -> None:
        super().__init__(scope, id_)
        widgets = [_alarms(alarm_arns), *_place_widgets(sections, region)]
        # Thresholds are for the metric's own period, so keep that one for any time range.
        body = {"start": "-PT6H", "periodOverride": "inherit", "widgets": widgets}
        # On several lines: cdktf's HCL doesn't escape quotes in a single line with a reference.
        CloudwatchDashboard(self, "Resource", dashboard_name=name, dashboard_body=json.dumps(body, indent=1))


def _alarms(arns: Sequence[str]) -> Widget:
    properties = {"title": "Alarms", "alarms": list(arns)}
    return {"type": "alarm", "x": 0, "y": 0, "width": COLUMNS, "height": ALARMS_HEIGHT, "properties": properties}


def _place_widgets(sections: Mapping[str, Sequence[DashboardGraph]], region: str) -> Iterator[Widget]:
    y = ALARMS_HEIGHT
    for heading, graphs in sections.items():
        yield {
            "type": "text",
            "x": 0,
            "y": y,
            "width": COLUMNS,
            "height": HEADING_HEIGHT,
            "properties": {"markdown": f"## {heading}", "background": "transparent"},
        }
        y += HEADING_HEIGHT
        for number, graph in enumerate(graphs):
            row, column = divmod(number, COLUMNS // GRAPH_WIDTH)
            yield {
                "type": "metric",
                "x": column * GRAPH_WIDTH,
                "y": y + row * GRAPH_HEIGHT,
                "width": GRAPH_WIDTH,
                "height": GRAPH_HEIGHT,
                "properties": _properties(graph, region),
            }
        y += -(-len(graphs) // (COLUMNS // GRAPH_WIDTH)) * GRAPH_HEIGHT


def _properties(graph: DashboardGraph, region: str) -> dict[str, Any]:
    left = {"min": 0, **({"label": graph.unit, "showUnits": False} if graph.unit else {})}
    lines = [
        {"value": one.value, "label": one.label, "color": RED, "fill": "below" if one.below else "above"}
        for one in graph.thresholds
    ]
    return {
        "title": graph.title,
        "view": "timeSeries",
        "region": region,
        "metrics": list(_metrics(graph)),
        "yAxis": {"left": left},
        **({"annotations": {"horizontal": lines}} if lines else {}),
    }


def _metrics(graph: DashboardGraph) -> Iterator[list[Any]]:
    first = 1
    for line in graph.lines:
        entries = list(_entries(line, first))
        yield from entries
        first += len(entries)


def _entries(line: GraphLine | Formula | Search, first: int) -> Iterator[list[Any]]:
    """Yield the entries of a line in the metrics array, with ids `m<number>` from `first` on."""
    match line:
        case GraphLine():
            yield [
                *_named(line.metric),
                {"id": f"m{first}", "label": line.label, **_statistic_options(line.metric, line)},
            ]
        case Formula():
            for number, metric in enumerate(line.metrics, start=first):
                yield [*_named(metric), {"id": f"m{number}", "visible": False, **_statistic_options(metric, line)}]
            expression = _renumbered(line.expression, first - 1)
            yield [{"id": f"f{first}", "label": line.label, "expression": expression, "period": line.period_seconds}]
        case Search():
            # CloudWatch replaces PROP by the dimension's value; the second dollar is for Terraform.
            label = f"$${{PROP('Dim.{line.by}')}}"
            yield [{"id": f"f{first}", "label": label, "expression": _search(line)}]


def _named(metric: Metric) -> list[str]:
    return [metric.namespace, metric.name, *(text for pair in metric.dimensions.items() for text in pair)]


def _statistic_options(metric: Metric, line: GraphLine | Formula) -> dict[str, Any]:
    return {"stat": metric.statistic, "period": line.period_seconds}


def _renumbered(expression: str, by: int) -> str:
    return re.sub(r"\bm(\d+)\b", lambda found: f"m{by + int(found[1])}", expression)


def _search(line: Search) -> str:
    metric = line.metric
    schema = ",".join([metric.namespace, *metric.dimensions, line.by])
    values = " ".join(f'{name}="{value}"' for name, value in metric.dimensions.items())
    query = f'{{{schema}}} MetricName="{metric.name}" {values}'
    return f"SEARCH('{query}', '{metric.statistic}', {line.period_seconds})"
