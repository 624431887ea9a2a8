"""Count what an order uses on the local run, and write to docs/costs.md what it costs on AWS."""

import argparse
import tempfile
from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path

from deployment.local_outputs import read_outputs
from deployment.progress import step
from deployment.repository_paths import ROOT, RUN_DIRECTORY
from deployment.run_command import run
from deployment.stack import synthesize
from environments.atomic_file import write_atomically
from environments.settings import settings_of
from environments.user_error import UserError
from local.costs.costs_report import costs_page, costs_summary
from local.costs.deployed_environment import read_deployed_environment
from local.costs.idle_costs import idle_lines, measure_a_minute
from local.costs.measured_orders import MeasuredOrders
from local.costs.measured_usage import MeasuredUsage
from local.costs.prices import read_prices
from local.costs.reported_usage import UsageMeter
from local.costs.without_live_updates import without_live_updates
from local.run import LocalRun
from local.run_numbers import read_change_window
from local.sign_in import sign_in

PAGE = ROOT / "docs" / "costs.md"
ENVIRONMENT = "prod"


def main(arguments: Sequence[str]) -> int:
    """Measure, write and print; whatever the user has to change is one line and exit code 1."""
    parser = argparse.ArgumentParser(prog="python -m local.costs", description=__doc__)
    parser.parse_args(arguments)
    measured = measure(RUN_DIRECTORY)
    prices = read_prices()
    with step(f"Counting what {ENVIRONMENT} has"), tempfile.TemporaryDirectory() as folder:
        synthesize(Path(folder), ENVIRONMENT)
        deployed = read_deployed_environment(settings_of(ENVIRONMENT), Path(folder))
    idle = idle_lines(deployed, measured.minute, measured.metrics)
    write_atomically(PAGE, costs_page(measured, idle, deployed, prices))
    print(costs_summary(measured, idle, deployed, prices))
    print(f"\nAll of it is in {PAGE.relative_to(ROOT)}.")
    return 0


def measure(directory: Path) -> MeasuredUsage:
    """Place orders on the run in the folder; UserError when it can't be measured."""
    for problem in LocalRun(directory).problems():
        raise UserError(problem)
    outputs = read_outputs(directory)
    if window := read_change_window(outputs):
        raise UserError(
            f"the local run has a change window of {window} s, and an order is counted without one: `make up` ends it"
        )
    meter = UsageMeter(directory, outputs)
    meter.read()
    with sign_in(outputs, **outputs["demo_user"]) as customer:
        orders = MeasuredOrders(meter, customer, outputs)
        with placing("Placing orders that nobody watches", orders):
            unwatched = orders.unwatched()
        with placing("Placing orders that are watched", orders):
            watched = orders.watched()
        with placing("Placing orders without live updates", orders), without_live_updates(outputs, directory):
            not_live, asked_for = orders.unwatched(), orders.asked_for()
    print(f"  {orders.placed} orders placed")
    with step("Waiting for what runs each minute"):
        minute = measure_a_minute(meter)
    metrics = len(meter.read().resources("cloudwatch", "metric"))
    return MeasuredUsage(
        not_live=not_live, asked_for=asked_for, unwatched=unwatched, watched=watched, minute=minute, metrics=metrics
    )


def placing(doing: str, orders: MeasuredOrders) -> AbstractContextManager[None]:
    """Show meanwhile how many orders were placed, and how many of them can be believed."""
    return step(doing, now=lambda: ": ".join(filter(None, [doing, orders.progress])))


if __name__ == "__main__":
    run(main)
