"""The tables of docs/scale.md, each between two markers."""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from scale import parameters
from scale.parameters import News
from scale.quotas import QUOTAS, REGIONS, SOURCES, Quota
from scale.rates import RATES, Rate
from scale.simulation import Announcer, SimulationResult, simulate_queue, simulate_stream

PAGE_FILE = Path(__file__).resolve().parents[1] / "docs" / "scale.md"
# The region of dev, staging and prod.
REGION = "eu-central-1"
RUN_SECONDS = 30
# Enough to see a backlog grow, of so many orders at most.
MOST_ORDERS = 50_000
# From nothing, until Lambda has as many workers as 10,000 orders a second need, and the queue is empty again.
SECONDS_FROM_NOTHING = 130


def tables() -> dict[str, str]:
    """Return each table's text by its name."""
    return {name: make() for name, make in _TABLES.items()}


def with_tables(document: str, made: Mapping[str, str]) -> str:
    """Return the document with these tables; ValueError when the markers of one aren't there once."""
    for name, table in made.items():
        head, tail = f"<!-- {name}: made by `make scale` -->\n", f"<!-- end of {name} -->"
        parts = re.split(f"{re.escape(head)}.*?{re.escape(tail)}", document, flags=re.DOTALL)
        if len(parts) != 2:
            raise ValueError(f"{PAGE_FILE.name} must have the markers of {name} once, got {len(parts) - 1}")
        document = f"\n{table}\n".join((parts[0] + head, tail + parts[1]))
    return document


def full_batch_seconds() -> float:
    """Return how long a worker of the queue takes for a full batch, on average."""
    return parameters.INVOCATION_SECONDS + parameters.HINTS_A_BATCH * parameters.CALL_SECONDS


def busy_workers(orders_a_second: float) -> float:
    """Return how many workers are busy with full batches: by Little's law, the rate times the time of each."""
    return orders_a_second * full_batch_seconds() / parameters.HINTS_A_BATCH


def fewest_workers(orders_a_second: float) -> int:
    """Return the fewest workers with which no order waits for a second. AWS takes no fewer than two."""
    workers = max(2, int(busy_workers(orders_a_second)))
    while simulate_queue(orders_a_second, workers, seconds=RUN_SECONDS, from_nothing=False).longest_seconds > 1:
        workers += 1
    return workers


def _quotas() -> str:
    heads = ("quota", "an order takes", "default", "orders a second", "answer", "source")
    rows = [
        (
            quota.name,
            quota.takes,
            _by_region([_number(limit) for limit in quota.limits]),
            _by_region([_number(quota.ends_at(region)) for region in REGIONS]),
            quota.answer,
            "[{}]({})".format(*SOURCES[quota.source]),
        )
        for quota in sorted(QUOTAS, key=_quota_end)
    ]
    return _table(heads, rows)


def _first_quotas() -> str:
    rows = []
    for before, rate in zip((0, *(rate.orders_a_second for rate in RATES)), RATES, strict=False):
        ended = [
            quota for quota in sorted(QUOTAS, key=_quota_end) if before < _quota_end(quota) <= rate.orders_a_second
        ]
        names = "<br>".join(f"{quota.name} ({_number(_quota_end(quota))})" for quota in ended)
        rows.append((_number(rate.orders_a_second), names or "nothing more"))
    return _table(("orders a second", f"quotas that end up to this rate in {REGION}, first to last"), rows)


def _settings() -> str:
    rows = [
        (
            _number(rate.orders_a_second),
            "<br>".join(f"`{name} = {json.dumps(value)}`" for name, value in rate.settings.items()),
            rate.before,
        )
        for rate in RATES
    ]
    return _table(("orders a second", "settings", "needs first"), rows)


def _parameters() -> str:
    side_by_side = f"{parameters.CHANGES_A_BATCH}, {parameters.SIDE_BY_SIDE}"
    runs = f"{RUN_SECONDS} s, fewer for more than {_number(MOST_ORDERS)} orders; from nothing {SECONDS_FROM_NOTHING} s"
    rows = [
        ("a call of AWS from a function", f"{_milliseconds(parameters.CALL_SECONDS)}, half of it random", "assumed"),
        ("what Lambda does around a batch", _milliseconds(parameters.INVOCATION_SECONDS), "assumed"),
        (
            "processor time of a call, on a whole vCPU",
            _milliseconds(parameters.PROCESSOR_SECONDS),
            "measured, not on Lambda",
        ),
        ("a function's share of a vCPU", f"{parameters.VCPU:.2f}", "AWS, and the function's memory"),
        ("hints a batch", str(parameters.HINTS_A_BATCH), "as deployed"),
        ("workers at first; more a second", f"{parameters.POLLERS_AT_FIRST}; {parameters.POLLERS_A_SECOND:.0f}", "AWS"),
        ("changes a batch; orders announced side by side", side_by_side.replace(",", ";"), "as deployed"),
        ("looks at an empty shard", f"{1 / parameters.POLL_SECONDS:.0f} a second", "AWS"),
        ("shards of a new table; then", "4; one for each 1,000 writes of `orders` a second", "AWS"),
        (
            "calls an order; with a change window",
            "; ".join(str(_calls_an_order(news)) for news in _WINDOWS.values()),
            "as deployed",
        ),
        ("seed", str(parameters.SEED), ""),
        ("a run", runs, ""),
    ]
    return _table(("parameter", "value", "source"), rows)


def _queue() -> str:
    heads = (
        "orders a second",
        "busy workers, by hand",
        "fewest that keep up",
        "`workflow_concurrency` above",
        "longest wait from nothing",
        f"waiting after {SECONDS_FROM_NOTHING} s",
    )
    return _table(heads, [_queue_at(rate) for rate in RATES])


def _queue_at(rate: Rate) -> tuple[str, ...]:
    orders, chosen = rate.orders_a_second, rate.workflow_concurrency
    cold = simulate_queue(orders, chosen, seconds=SECONDS_FROM_NOTHING, from_nothing=True)
    by_hand, fewest = f"{busy_workers(orders):.1f}", _number(fewest_workers(orders))
    return _number(orders), by_hand, fewest, _number(chosen), f"{cold.longest_seconds:.1f} s", _number(cold.waiting)


def _stream() -> str:
    rates = [f"at {_number(rate.orders_a_second)}" for rate in RATES]
    heads = ("`announce`", "change window", "orders a second with 4 shards, by hand", "simulated", *rates)
    rows = [
        (name, window, *_stream_by(batches_at_once, side_by_side, news))
        for name, batches_at_once, side_by_side, windows in (
            ("before: one change after the other", 1, 1, _WINDOWS | {"yes": parameters.PAID_AFTER_A_WINDOW_BEFORE}),
            ("`announce_parallelization = 2`", 2, parameters.SIDE_BY_SIDE, _WINDOWS),
            ("`announce_parallelization = 10`", 10, parameters.SIDE_BY_SIDE, _WINDOWS),
        )
        for window, news in windows.items()
    ]
    return _table(heads, rows)


def _stream_by(batches_at_once: int, side_by_side: int, news: tuple[News, ...]) -> list[str]:
    new = Announcer(parameters.NEW_TABLE_SHARDS, batches_at_once, side_by_side, news)
    cells = [
        _number(new.keeps_up_to()),
        _number(simulate_stream(None, new, seconds=RUN_SECONDS).done / RUN_SECONDS),
    ]
    for orders in (rate.orders_a_second for rate in RATES):
        announcer = Announcer(parameters.shards(orders), batches_at_once, side_by_side, news)
        seconds = min(RUN_SECONDS, MOST_ORDERS / orders)
        cells.append(_lateness(orders, seconds, simulate_stream(orders, announcer, seconds=seconds)))
    return cells


def _lateness(orders_a_second: int, seconds: float, waited: SimulationResult) -> str:
    # What is under way at the end isn't a backlog.
    if waited.waiting > orders_a_second:
        return f"falls behind by {_number(waited.waiting / seconds)} a second"
    return f"{waited.longest_seconds:.1f} s at most"


def _calls_an_order(news: tuple[News, ...]) -> int:
    return sum(one.calls for one in news)


def _quota_end(quota: Quota) -> float:
    return quota.ends_at(REGION)


def _by_region(values: list[str]) -> str:
    return values[0] if len(set(values)) == 1 else " / ".join(values)


def _number(value: float) -> str:
    return f"{value:,.0f}"


def _milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms"


def _table(heads: tuple[str, ...], rows: Iterable[Iterable[str]]) -> str:
    lines = [f"| {' | '.join(cells)} |\n" for cells in (heads, *rows)]
    return lines[0] + "|---" * len(heads) + "|\n" + "".join(lines[1:])


_WINDOWS = {"no": parameters.PAID_AT_ONCE, "yes": parameters.PAID_AFTER_A_WINDOW}
_TABLES: dict[str, Callable[[], str]] = {
    "quotas": _quotas,
    "what ends first": _first_quotas,
    "settings": _settings,
    "parameters": _parameters,
    "queue": _queue,
    "stream": _stream,
}
