"""The dashboard of a stack, read from the body that CloudWatch will be given."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from deployment.review.synthesized_stack import SynthesizedStack

SEARCH = re.compile(
    r"""SEARCH\('\{(?P<namespace>[^,}]+),.*?(?P<by>[^,}]+)\} MetricName="(?P<name>[^"]+)".*'(?P<stat>\w+)'"""
)


@dataclass(frozen=True)
class Widget:
    """A widget on the grid of CloudWatch: title, what it shows a line each, and the thresholds in it."""

    type: str
    x: int
    y: int
    width: int
    height: int
    title: str
    lines: list[str]
    thresholds: list[str]


def read_widgets(stack: SynthesizedStack) -> list[Widget]:
    """Return the widgets of the stack's dashboard, thresholds from the highest to the lowest; none without one."""
    return [_widget(stack, found) for one in _bodies(stack) for found in one["widgets"]]


def _bodies(stack: SynthesizedStack) -> Iterator[dict[str, Any]]:
    for dashboard in stack.all("aws_cloudwatch_dashboard"):
        yield json.loads(dashboard.attributes["dashboard_body"])


def _widget(stack: SynthesizedStack, widget: dict[str, Any]) -> Widget:
    properties = widget["properties"]
    unit = properties.get("yAxis", {}).get("left", {}).get("label")
    title = properties.get("title") or properties["markdown"].lstrip("# ")
    thresholds = properties.get("annotations", {}).get("horizontal", [])
    alarms = [arn.rpartition(":")[2].removeprefix(f"{stack.name}-") for arn in properties.get("alarms", [])]
    return Widget(
        **{name: widget[name] for name in ("type", "x", "y", "width", "height")},
        title=f"{title} ({unit})" if unit else title,
        lines=[*alarms, *_lines(properties.get("metrics", []))],
        thresholds=[one["label"] for one in sorted(thresholds, key=lambda one: -one["value"])],
    )


def _lines(metrics: list[list[Any]]) -> Iterator[str]:
    """Yield the lines that are drawn, each with the metrics that it is made of."""
    by_id = {options["id"]: f"{namespace} {name}" for namespace, name, *_, options in _named(metrics)}
    for *named, options in metrics:
        found = SEARCH.match(options.get("expression", ""))
        if found:
            yield f"one for each {found['by']}: {found['namespace']} {found['name']} {found['stat']}"
        elif "expression" in options:
            yield f"{options['label']}: {_made_of(options['expression'], by_id)}"
        elif options.get("visible", True):
            yield f"{options['label']}: {named[0]} {named[1]} {options['stat']}"


def _named(metrics: list[list[Any]]) -> list[list[Any]]:
    return [metric for metric in metrics if len(metric) > 1]


def _made_of(expression: str, by_id: dict[str, str]) -> str:
    """Return the metrics that an expression is about, each once."""
    ids = list(by_id) if "METRICS()" in expression else re.findall(r"\bm\d+\b", expression)
    return ", ".join(dict.fromkeys(by_id[id_] for id_ in ids))
