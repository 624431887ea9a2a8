"""The laptop run: `python -m local up | down | status | demo`."""

import argparse
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from typing import Any

from deployment.colours import coloured
from deployment.escaped_text import visible
from deployment.local_outputs import read_outputs
from deployment.progress import step
from deployment.run_command import run as run_command
from emulator.ministack.state.saved_state import was_kept
from environments.user_error import UserError
from local.demo import place_an_order
from local.engineer.token import engineer_url
from local.port import port_number
from local.run import LocalRun
from local.run_numbers import read_run_numbers

SHOWN = ("graphql_url", "realtime_url", "aws_endpoint_url")
# Of which command each can be asked.
KEEP = {"up": "yes", "demo": "yes", "down": "no"}


def main(arguments: Sequence[str]) -> int:
    """Run one command; whatever the user has to change is one line and exit code 1."""
    parser = argparse.ArgumentParser(prog="python -m local", description=__doc__)
    parser.add_argument("command", choices=("up", "down", "status", "demo"))
    parser.add_argument("--port", help="where the server listens on 127.0.0.1 (default: where it does, else 4566)")
    parser.add_argument("--keep", metavar="yes|no", help="up, demo: keep what the run holds over a stop; down: drop it")
    parser.add_argument(
        "--change-window",
        metavar="SECONDS",
        help="up, demo: how long an order can be changed (default: as in the settings)",
    )
    options = parser.parse_args(arguments)
    port = None if options.port is None else port_number(options.port, called="PORT")
    if options.keep not in (None, KEEP.get(options.command)):
        raise UserError(
            f"KEEP: got {options.keep!r} for `{options.command}`; `up KEEP=yes` keeps what the run holds over each"
            " stop, `down KEEP=no` ends that and drops it"
        )
    if options.change_window is not None and options.command not in ("up", "demo"):
        raise UserError("CHANGE_WINDOW goes with `up` and `demo`, which deploy")
    run = LocalRun()
    if options.command == "down":
        return _down(run, drop=options.keep == "no")
    if options.command == "status":
        return _status(run)
    outputs = run.up(port=port, keep=options.keep == "yes", change_window=options.change_window)
    if options.command == "demo":
        place_an_order(outputs)
    _show(outputs, run)
    return 0


def _down(run: LocalRun, *, drop: bool) -> int:
    doing = f"{'Keeping what it holds, and stopping' if run.keeps and not drop else 'Stopping'} the local run"
    with step(doing) if run.running() else nullcontext():
        stopped = run.down(drop=drop)
    print("The local run is stopped." if stopped else "The local run wasn't up.")
    if was_kept(run.directory):
        print("What it held is kept: `make up` goes on with it, `make down KEEP=no` drops it.")
    elif run.keeps:
        print("Its end kept nothing: `make up` goes on with what was kept before, if anything was.")
    return 0


def _status(run: LocalRun) -> int:
    problems = run.problems()
    for problem in problems:
        print(coloured(visible(problem), "bad"))
    if not problems:
        outputs = read_outputs(run.directory)
        _show(outputs, run)
        for name, value in read_run_numbers(run.directory, outputs):
            print(f"  {name:<18} {value}")
        print()
    return 1 if problems else 0


def _show(outputs: Mapping[str, Any], run: LocalRun) -> None:
    print("\nThe local run is up. Order, and watch it, at the first of these:")
    print(f"  {'order desk':<18} {outputs['web_url']}")
    print(f"  {'engineer view':<18} {engineer_url(run.directory, outputs['web_url'])}")
    for name in SHOWN:
        print(f"  {name:<18} {outputs[name]}")
    print(f"  {'demo user':<18} {outputs['demo_user']['username']}")
    stop = "`make down` stops it and keeps what it holds" if run.keeps else "`make down` stops it"
    print(f"  keys, password and the rest are in .local/outputs.json; {stop}\n")


if __name__ == "__main__":
    run_command(main)
