"""Many orders while one call in twenty breaks: `python -m tests.soak --orders 10000 --seed 1`.

It uses a local run of its own, or the one of `--run DIR`. Exit code 1 means a broken promise.
"""

import argparse
import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from deployment.loopback_without_proxy import without_proxy
from deployment.run_command import run as run_command
from local.run import LocalRun
from local.server_process import free_port
from local.temporary_folder import temporary_folder
from tests.soak.soak import Plan, soak


def parse_arguments(arguments: Sequence[str]) -> argparse.Namespace:
    """Read the plan from the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--orders", type=int, default=1000, help="how many (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="decides orders and faults (default: %(default)s)")
    parser.add_argument("--share", type=float, default=0.05, help="of the calls that fail (default: %(default)s)")
    parser.add_argument("--customers", type=int, default=12, help="who order at once (default: %(default)s)")
    parser.add_argument("--minutes", type=float, default=60, help="that it may take (default: %(default)s)")
    parser.add_argument("--run", type=Path, help="the folder of a local run that is up, to use as it is")
    return parser.parse_args(arguments)


@contextmanager
def local_run(given: Path | None) -> Iterator[Path]:
    """Yield the folder of a running local run."""
    if given:
        yield given
        return
    with temporary_folder() as folder:
        run = LocalRun(folder)
        try:
            run.up(port=free_port())
            yield folder
        finally:
            run.down(drop=True)


def main(arguments: Sequence[str]) -> int:
    """Run the soak and print its numbers."""
    options = parse_arguments(arguments)
    os.environ.update(without_proxy(os.environ))
    plan = Plan(
        orders=options.orders,
        seed=options.seed,
        share=options.share,
        customers=options.customers,
        seconds=options.minutes * 60,
    )
    with local_run(options.run) as directory, tempfile.TemporaryDirectory(prefix="soak-") as folder:
        report = soak(plan, directory, Path(folder) / "history.jsonl")
    print(report.table())
    for broken in report.broken():
        print(f"BROKEN: {broken}")
    return 1 if report.broken() else 0


if __name__ == "__main__":
    run_command(main)
