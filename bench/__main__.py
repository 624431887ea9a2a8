"""Measures how fast the system is. `make bench`, `bench-laptop` and `bench-long` write docs/performance.md.

`flow` and `api` print what one or more local runs that are up do, in turn.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

from bench import all_measurements, api, flow, laptop, long_run
from bench.baseline import COMMIT, NO_BASELINE, require_hash
from bench.machine import described
from bench.performance_page import write
from bench.result_tables import side_by_side_table
from bench.run_under_test import RunUnderTest
from deployment.repository_paths import RUN_DIRECTORY
from deployment.run_command import run as run_command
from environments.user_error import UserError


def main(arguments: Sequence[str]) -> int:
    """Measure what is named, and write or print the tables."""
    options = _parser().parse_args(arguments)
    machine = described()
    match options.what:
        case "all":
            if options.base != NO_BASELINE:
                require_hash(options.base)  # before the minutes that come first
            write("make bench", [machine, *all_measurements.tables(options.base)])
        case "laptop":
            for tables in laptop.tables():  # half an hour: what is measured so far is kept
                write("make bench-laptop", [machine, *tables])
        case "long":
            write("make bench-long", [machine, *long_run.tables(options.orders)])
        case _:
            print(f"{machine}\n")
            _print(options)
    return 0


def _print(options: argparse.Namespace) -> None:
    runs = [_run(text) for text in options.run or [f"this={RUN_DIRECTORY}"]]
    if options.what == "api":
        for run in runs:
            found = api.measure(run, calls=options.calls, concurrency=options.concurrency, rounds=options.rounds)
            print(f"{run.name}\n\n{api.tables(found)}\n", flush=True)
        return
    for concurrency in options.concurrency:
        flowed = flow.measure(runs, orders=options.orders, concurrency=concurrency, rounds=options.rounds)
        print(f"{side_by_side_table(f'{options.orders:,} orders, {concurrency} at once', flowed)}\n", flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    commands = parser.add_subparsers(dest="what", required=True)
    of_all = commands.add_parser("all", help="all that takes less than ten minutes")
    of_all.add_argument("--base", default=COMMIT, help=f"the commit to compare with, or {NO_BASELINE} (%(default)s)")
    commands.add_parser("laptop", help="demo cold and warm, changes brought up, tests by tier")
    long = commands.add_parser("long", help="many orders, and what they leave in memory")
    long.add_argument("--orders", type=_positive, default=long_run.ORDERS)
    for name in ("flow", "api"):
        command = commands.add_parser(name, help="on local runs that are up")
        command.add_argument("--run", action="append", metavar="NAME=FOLDER", help="repeatable (default: .local)")
        command.add_argument("--rounds", type=_positive, default=5)
        command.add_argument("--concurrency", type=_positive, nargs="+", default=[8, 32])
        command.add_argument("--orders", type=_positive, default=300, help="of a round of flow (%(default)s)")
        command.add_argument("--calls", type=_positive, default=200, help="of each operation of api (%(default)s)")
    return parser


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"got {text}, expected a whole number from 1 on")
    return number


def _run(text: str) -> RunUnderTest:
    name, separator, folder = text.partition("=")
    if not separator:
        raise UserError(f"--run is NAME=FOLDER, got {text!r}")
    return RunUnderTest(name, Path(folder))


if __name__ == "__main__":
    run_command(main)
