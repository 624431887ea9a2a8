"""Prints what was measured: `python -m bench flow`, `python -m bench api`, on one or more local runs in turn."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from bench import api, flow
from bench.figures import table
from bench.machine import described
from bench.run_under_test import RunUnderTest
from deployment.checkout import RUN_DIRECTORY
from deployment.command import run as run_command
from environments.user_error import UserError


def main(arguments: Sequence[str]) -> int:
    """Measure what is named, on the runs that are named, and print a table for each concurrency."""
    options = _parser().parse_args(arguments)
    runs = [_run(text) for text in options.run or [f"this={RUN_DIRECTORY}"]]
    print(f"{described()}\n")
    for concurrency in options.concurrency:
        if options.what == "flow":
            title = f"{options.orders} orders at concurrency {concurrency}"
            found = flow.measure(runs, orders=options.orders, concurrency=concurrency, rounds=options.rounds)
        else:
            title = f"{options.calls} calls at concurrency {concurrency}"
            found = api.measure(runs, calls=options.calls, concurrency=concurrency, rounds=options.rounds)
        print(f"Median of {options.rounds} rounds in turns (lowest-highest)\n\n{table(title, found)}\n", flush=True)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("what", choices=["flow", "api"])
    parser.add_argument("--run", action="append", metavar="NAME=FOLDER", help="a local run that is up; repeatable")
    parser.add_argument("--rounds", type=_positive, default=5)
    parser.add_argument("--concurrency", type=_positive, nargs="+", default=[8, 32])
    parser.add_argument("--orders", type=_positive, default=300, help="of a round of flow (default: %(default)s)")
    parser.add_argument("--calls", type=_positive, default=200, help="of each operation of api (default: %(default)s)")
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
