"""The X-Ray traces of an order, as the functions' log lines name them.

DescribeExecution would name the workflow's, but not of EXPRESS executions: it is start_workflow's, and
charge_payment's is the same. A table's stream hands on no trace, so announce has traces of its own.
"""

from collections.abc import Iterable

from operations.order_story import StoryEvent


def story_traces(events: Iterable[StoryEvent]) -> list[tuple[str, str]]:
    """Return the traces of a story, oldest first, and the parts that are in each."""
    parts: dict[str, list[str]] = {}
    for event in sorted(events):
        for part, trace in event.traces:
            known = parts.setdefault(trace, [])
            if part not in known:
                known.append(part)
    return [(trace, ", ".join(known)) for trace, known in parts.items()]


def console_address(region: str) -> str:
    """Return the address of the console's page of a trace, without the trace's id at its end."""
    return f"https://{region}.console.aws.amazon.com/cloudwatch/home?region={region}#xray:traces/"
