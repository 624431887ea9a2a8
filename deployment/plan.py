"""Plan an environment with plain Terraform and check the plan: `python -m deployment.plan dev`.

Leaves `.build/plans/<environment>.tfplan` and `.json`, and `<environment>.web.…` of the page's stack, readable by their
owner only: plans hold secrets in clear.
"""

import argparse
import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from deployment.checked_plan import refuse_foreign_changes
from deployment.environment_stacks import (
    address_prefix,
    addresses_of,
    environment_of,
    plan_file,
    plan_files,
    stacks_to_plan,
)
from deployment.escaped_text import visible
from deployment.exact_plan import CHANGES
from deployment.plan_rules import administrator_notice, find_violations, needs_administrator
from deployment.run_command import run
from deployment.stack import Stack
from deployment.warning_output import print_warning, print_warnings
from environments.named_errors import naming
from environments.settings import settings_of
from environments.user_error import UserError


def plan(stack: Stack, *, to: Path, lock: bool, allowed: Sequence[str]) -> int:
    """Write the plan; 0 when nothing would change, 2 when something would; a forbidden change is an error."""
    to.parent.mkdir(parents=True, exist_ok=True)
    binary = to.with_suffix(".tfplan").resolve()
    stack.initialize("-reconfigure")
    options = ["-input=false", "-detailed-exitcode", f"-lock={'true' if lock else 'false'}", f"-out={binary}"]
    code = stack.terraform("plan", *options, allowed=(0, CHANGES))
    text = stack.read_terraform("show", "-json", str(binary))
    with naming(to), os.fdopen(os.open(to, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
    binary.chmod(0o600)
    document: Mapping[str, Any] = json.loads(text)
    refuse_foreign_changes(document, called=stack.name, types=stack.types)
    refused = find_violations(document, allowed=addresses_of(stack, allowed), prefix=address_prefix(stack))
    if refused:
        raise UserError("\n".join(map(visible, refused)))
    guards = [one["address"] for one in document.get("resource_changes", []) if needs_administrator(one)]
    for line in administrator_notice(environment_of(stack), guards):
        print_warning(line)
    return code


def allowed_losses() -> list[str]:
    """Return the addresses that ALLOW_REPLACE names: of these a plan may remove what holds data."""
    return os.environ.get("ALLOW_REPLACE", "").replace(",", " ").split()


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
