"""Plan an environment with plain Terraform and check the plan: `python -m deployment.plan dev`.

Leaves `.build/plans/<environment>.tfplan` and `.json`, and `<environment>.web.…` of the page's stack, readable by their
owner only: plans hold secrets in clear.
"""

import argparse
import json
import os
from collections.abc import Sequence
from pathlib import Path

from deployment.environment_stacks import environment_of, plan_file, plan_files, stacks_to_plan
from deployment.exact_plan import CHANGES, allowed_losses, make_plan
from deployment.plan_rules import administrator_notice, needs_administrator
from deployment.run_command import run
from deployment.stack import Stack
from deployment.warning_output import print_warning, print_warnings
from environments.named_errors import naming
from environments.settings import settings_of


def plan(stack: Stack, *, to: Path, lock: bool, allowed: Sequence[str]) -> int:
    """Write the plan; 0 when nothing would change, 2 when something would; a forbidden change is an error."""
    to.parent.mkdir(parents=True, exist_ok=True)
    made = make_plan(stack, to.with_suffix(".tfplan"), f"-lock={'true' if lock else 'false'}")
    with naming(to), os.fdopen(os.open(to, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(made.document, file)
    made.refuse_losses(allowed)
    guards = [one["address"] for one in made.document.get("resource_changes", []) if needs_administrator(one)]
    for line in administrator_notice(environment_of(stack), guards):
        print_warning(line)
    return 0 if made.is_empty else CHANGES


def main(arguments: Sequence[str]) -> int:
    """Plan one environment; exit code 0, with --detailed-exitcode 2 when something would change."""
    parser = argparse.ArgumentParser(prog="python -m deployment.plan", description=__doc__)
    parser.add_argument("environment")
    parser.add_argument(
        "--no-lock", action="store_true", help="for roles that may only read: they can't lock the state"
    )
    parser.add_argument("--detailed-exitcode", action="store_true", help="exit with 2 when something would change")
    options = parser.parse_args(arguments)
    stacks = stacks_to_plan(options.environment)
    for left in plan_files(options.environment):
        left.unlink()
    codes = [
        plan(
            stack,
            to=plan_file(stack, options.environment),
            lock=not options.no_lock,
            allowed=allowed_losses(),
        )
        for stack in stacks
    ]
    print_warnings(settings_of(options.environment))
    return max(codes) if options.detailed_exitcode else 0


if __name__ == "__main__":
    run(main)
