"""Deploy and remove stacks with Terraform: each is planned once, and that very plan is applied once it is approved.

`python -m deployment.cdktf deploy dev` and `destroy dev` are this.
"""

import argparse
from collections.abc import Mapping, Sequence

from deployment.exact_plan import allowed_losses, exact_plan
from deployment.run_command import Confirm
from deployment.stack import Stack, synthesized
from deployment.warning_output import print_warnings
from environments.names import PAGE, SYSTEM, stack_name
from environments.settings import settings_of
from environments.user_error import UserError

APPROVED, VARIABLE = "--auto-approve", "--var"


def deploy_or_destroy(
    command: str, environment: str, options: Sequence[str], *, aws: Mapping[str, str], confirm: Confirm | None
) -> None:
    """Deploy or destroy an environment, as an option approves it or `confirm`, which asks the user if there is one."""
    approved, variables = _parsed(command, options)
    if approved:
        confirm = None
    elif confirm is None:
        raise UserError(f"there is no terminal to ask: {command} needs APPROVE=yes here (without make: {APPROVED})")
    if command == "deploy":
        print_warnings(settings_of(environment))
    system = synthesized(SYSTEM, environment, aws=aws)
    page = system.sibling(stack_name(PAGE, environment))
    if command == "deploy":
        deploy_stack(system, *(f"-var={variable}" for variable in variables), confirm=confirm)
        # It reads the API's outputs, and has no variables: Terraform refuses what it doesn't know.
        deploy_stack(page, confirm=confirm)
    else:
        _destroy_stack(page, confirm=confirm)
        _destroy_stack(system, confirm=confirm)


def deploy_stack(stack: Stack, *options: str, confirm: Confirm | None) -> None:
    """Show what would change, refuse to lose data that isn't named, and apply it once that is approved.

    Without `confirm` it is approved already.
    """
    with exact_plan(stack, *options) as plan:
        plan.refuse_losses(allowed_losses())
        if plan.is_empty:
            return
        if confirm:
            plan.require_word(confirm, "yes", f"deploy {stack.name}")
        plan.apply()


def _destroy_stack(stack: Stack, *, confirm: Confirm | None) -> None:
    """Show what would go, and remove it once the stack's name is typed."""
    with exact_plan(stack, "-destroy") as plan:
        if plan.is_empty:
            return
        if confirm:
            plan.require_word(confirm, stack.name, f"destroy {stack.name}")
        plan.apply("Destroying")


def _parsed(command: str, options: Sequence[str]) -> tuple[bool, list[str]]:
    """Return whether the options approve it, and the values of Terraform's variables."""
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False, exit_on_error=False)
    parser.add_argument(APPROVED, action="store_true", dest="approved")
    parser.set_defaults(variables=[])
    taken = APPROVED
    if command == "deploy":
        parser.add_argument(VARIABLE, action="append", dest="variables")
        taken += f" and {VARIABLE} NAME=VALUE"
    try:
        given, others = parser.parse_known_args(options)
    except argparse.ArgumentError as error:
        raise UserError(f"{command} takes {taken}; {error}") from None
    if others:
        raise UserError(f"{command} takes {taken}; got {others[0]!r}: it is Terraform that does it, not cdktf")
    return bool(given.approved), list(given.variables)
