"""The laptop run: `python -m local up | down | status | demo`."""

import argparse
from collections.abc import Mapping, Sequence
from typing import Any

from deployment.command import run as run_command
from deployment.outputs import read_outputs
from deployment.terminal import visible
from emulator.ministack.state.saved_state import was_kept
from environments.user_error import UserError
from local.demo import place_an_order
from local.engineer.token import engineer_url
from local.port import port_number
from local.progress import console
from local.run import LocalRun

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
        place_an_order(outputs, change_window_seconds=int(options.change_window or 0))
    _show(outputs, run)
    return 0


def _down(run: LocalRun, *, drop: bool) -> int:
    console.print("The local run is stopped." if run.down(drop=drop) else "The local run wasn't up.")
    if was_kept(run.directory):
        console.print("What it held is kept: `make up` goes on with it, `make down KEEP=no` drops it.")
    elif run.keeps:
        console.print("Its end kept nothing: `make up` goes on with what was kept before, if anything was.")
    return 0


def _status(run: LocalRun) -> int:
    problems = run.problems()
    for problem in problems:
        console.print(visible(problem))
    if not problems:
        _show(read_outputs(run.directory), run)
    return 1 if problems else 0


def _show(outputs: Mapping[str, Any], run: LocalRun) -> None:
    console.print("\nThe local run is up. Order, and watch it, at the first of these:")
    console.print(f"  {'order desk':<18} {outputs['web_url']}")
    console.print(f"  {'engineer view':<18} {engineer_url(run.directory, outputs['web_url'])}")
    for name in SHOWN:
        console.print(f"  {name:<18} {outputs[name]}")
    console.print(f"  {'demo user':<18} {outputs['demo_user']['username']}")
    stop = "`make down` stops it and keeps what it holds" if run.keeps else "`make down` stops it"
    console.print(f"  keys, password and the rest are in .local/outputs.json; {stop}\n")


if __name__ == "__main__":
    run_command(main)
