"""All that `make bench` measures, one part after the other."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

from bench import api, cold_start, flow, read_capacity, synthesis
from bench.baseline import NO_BASELINE, NotBuilt, baseline_run
from bench.result_tables import side_by_side_table
from bench.run_under_test import RunUnderTest
from bench.temporary_run import temporary_run
from deployment.progress import step
from local.temporary_folder import temporary_folder

# Few enough for two cores and ten minutes, the baseline's installation included.
ROUNDS = 3
ORDERS = 1_000
CALLS = 100
CONCURRENCY = (1, 8, 32)
FLOW_CONCURRENCY = 8


def tables(base: str) -> list[str]:
    """Return the tables; what was brought up for them is gone in the end."""
    found: list[str] = []
    with temporary_folder() as folder:
        with step("Measuring the synthesis"):
            found.append(synthesis.report(folder / "synthesis", rounds=ROUNDS))
        with step("Measuring cold starts"):
            found.append(cold_start.report(folder / "synthesis" / "ours", folder / "package", rounds=ROUNDS))
        with _runs(folder, base) as (runs, note):
            this = runs[0]
            with step("Counting what lists and sweeps read"):
                found.append(_capacity(this))
            with step("Measuring the API"):
                found.append(api.tables(api.measure(this, calls=CALLS, concurrency=CONCURRENCY, rounds=ROUNDS)))
            with step(f"Measuring the flow of orders, on {' and '.join(run.name for run in runs)}"):
                flowed = flow.measure(runs, orders=ORDERS, concurrency=FLOW_CONCURRENCY, rounds=ROUNDS)
            title = f"flow: {ORDERS:,} orders, {FLOW_CONCURRENCY} at once"
            found += [side_by_side_table(title, flowed), *note]
    return found


def _capacity(run: RunUnderTest) -> str:
    with run.new_customer() as customer:
        counted = read_capacity.Capacity(run.directory, run.outputs, customer)
        try:
            return read_capacity.report(counted)
        finally:
            counted.remove()


@contextmanager
def _runs(folder: Path, base: str) -> Iterator[tuple[list[RunUnderTest], list[str]]]:
    """Bring this checkout and the baseline up, side by side; yield both, or this one and why there is no other."""
    with ExitStack() as opened, ThreadPoolExecutor(1) as beside:
        later = (
            None if base == NO_BASELINE else beside.submit(opened.enter_context, baseline_run(base, folder / "base"))
        )
        runs = [opened.enter_context(temporary_run(folder / "run"))]
        note = []
        if later:
            try:
                with step(f"Waiting for the baseline, {base}"):
                    runs.append(later.result())
            except NotBuilt as reason:
                note.append(f"{reason}.")
        yield runs, note
