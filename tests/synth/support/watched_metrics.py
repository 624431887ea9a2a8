"""The metrics that an alarm watches and a dashboard shows."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.synth.support.stack_json import Resource, StackJson, unescaped

SEARCH = re.compile(r"""SEARCH\('\{([^}]+)\} MetricName="(\w+)"((?: \w+="\w+")+)', '\w+', \d+\)""")
ANY = "*"


@dataclass(frozen=True)
class Watched:
    """A metric, with everything by which CloudWatch identifies it."""

    namespace: str
    name: str
    dimensions: tuple[tuple[str, str], ...]


def watched(alarm: Resource) -> list[Watched]:
    """Return the metrics that a synthesized alarm watches."""
    queries = [query["metric"] for query in alarm.get("metric_query", []) if "metric" in query]
    return [
        Watched(one["namespace"], one["metric_name"], tuple(sorted(one["dimensions"].items())))
        for one in queries or [alarm]
    ]


def widgets(stack: StackJson, type_: str) -> list[dict[str, Any]]:
    """Return the widgets of a type on the stack's dashboard, as CloudWatch will get them."""
    body = json.loads(unescaped(stack.only("cloudwatch_dashboard")["dashboard_body"]))
    return [widget for widget in body["widgets"] if widget["type"] == type_]


def shown(graph: dict[str, Any]) -> Iterator[Watched]:
    """Yield the metrics that a graph shows or computes with; ANY is a searched dimension."""
    for *named, options in graph["properties"]["metrics"]:
        if named:
            namespace, name, *dimensions = named
            yield Watched(namespace, name, tuple(sorted(zip(dimensions[::2], dimensions[1::2], strict=True))))
        elif options["expression"].startswith("SEARCH"):
            found = SEARCH.fullmatch(options["expression"])
            assert found, options["expression"]
            namespace, *names = found[1].split(",")
            values = dict(re.findall(r' (\w+)="(\w+)"', found[3]))
            yield Watched(namespace, found[2], tuple(sorted((name, values.get(name, ANY)) for name in names)))
