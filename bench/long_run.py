"""Many orders one after the other: whether the rate stays, and the memory levels off."""

from collections.abc import Iterator

from bench import flow
from bench.result_tables import number, table
from bench.run_under_test import RunUnderTest
from bench.temporary_run import temporary_run
from deployment.progress import step
from local.temporary_folder import temporary_folder

ORDERS = 10_000
CONCURRENCY = 8
_PARTS = 10
_RATE, _CPU = "orders a second", "processor time of the main process an order, ms"
_MEMORY = ("memory of the main process, MB", "memory of all processes, MB")


def tables(orders: int) -> list[str]:
    """Return the table of a run of its own, which is gone in the end."""
    with temporary_folder() as folder, temporary_run(folder) as run:
        rows = list(_rows(run, orders))
    heads = [f"{CONCURRENCY} at once, orders so far", _RATE, "/ first", _CPU, *_MEMORY, "kB an order more"]
    return [table(heads, rows)]


def _rows(run: RunUnderTest, orders: int) -> Iterator[list[str]]:
    each = max(1, orders // _PARTS)
    first: dict[str, float] = {}
    before = run.resident_megabytes()[0]
    for so_far in range(each, orders + 1, each):
        with step(f"Placing orders up to {so_far:,}"):
            found = flow.one_round(run, orders=each, concurrency=CONCURRENCY)
        first = first or found
        grown = (found[_MEMORY[0]] - before) * 1024 / each
        before = found[_MEMORY[0]]
        figures = [found[_RATE], found[_RATE] / first[_RATE], found[_CPU], *(found[name] for name in _MEMORY), grown]
        yield [f"{so_far:,}", *map(number, figures)]
