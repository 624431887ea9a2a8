"""The metrics that an alarm watches: one that it names, or several in an expression."""

from dataclasses import dataclass

from tests.synth.support.stack import Resource


@dataclass(frozen=True)
class Watched:
    """A metric, by all that CloudWatch tells it from others by."""

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
