"""Deploy exactly the plan that was reviewed.

`python -m deployment.apply_reviewed_plan prod --sha256 <of the reviewed plan>`

No plan file travels: the plan is made anew here, compared with the reviewed one, and applied only if it is the same.
"""

import argparse
from collections.abc import Sequence
from contextlib import ExitStack

from deployment.environment_stacks import address_prefix, join_changes, stacks_to_plan
from deployment.exact_plan import ExactPlan, allowed_losses, exact_plan
from deployment.plan_changes import Document, addresses_for_administrator, changes_of, is_empty, plan_hash
from deployment.plan_rules import administrator_notice
from deployment.reviewed_plan import write_reviewed_plan
from deployment.run_command import run
from deployment.stack import Stack
from environments.settings import settings_of
from environments.user_error import UserError


def apply_reviewed_plans(
    stacks: Sequence[Stack], environment: str, *, sha256: str, allowed: Sequence[str] = ()
) -> bool:
    """Plan the stacks and apply the plans if together they have that hash; tells whether anything had to change."""
    names = " and ".join(stack.name for stack in stacks)
    with ExitStack() as files:

        def planned(stack: Stack) -> tuple[ExactPlan, Document]:
            made = files.enter_context(exact_plan(stack))
            made.refuse_losses(allowed)
            return made, changes_of(made.document)

        plans = [planned(stack) for stack in stacks]
        document = join_changes({address_prefix(made.stack): changes for made, changes in plans})
        if is_empty(document):
            print(f"{names} {'is' if len(stacks) == 1 else 'are'} as the checkout says: nothing to deploy.")
            return False
        if plan_hash(document) != sha256:
            write_reviewed_plan(environment, document)
            raise UserError(
                f"nothing was deployed: the plan of {names} is now {plan_hash(document)},"
                f" but {sha256} was reviewed; something changed in between, so the new plan needs a review"
            )
        _refuse_what_needs_administrator(document, stacks[0], environment)
        for number, (made, changes) in enumerate(plans):
            # What was applied before may have changed what this one reads.
            latest, now = planned(made.stack) if number else (made, changes)
            if now != changes:
                raise UserError(f"{made.stack.name} was not deployed: its plan is another one now, and needs a review")
            if not is_empty(now):
                latest.apply()
        return True


def _refuse_what_needs_administrator(document: Document, stack: Stack, environment: str) -> None:
    """Let GitHub's role not begin what it can't end: a table without its backups would stay, marked as broken."""
    for line in administrator_notice(environment, addresses_for_administrator(document)):
        with stack.calling_aws():
            caller = str(stack.client("sts").get_caller_identity()["Arn"])
        if f":assumed-role/{settings_of(environment).name('deploy')}/" in caller:
            raise UserError(f"nothing was deployed: {line}; `make deploy ENV={environment}` deploys it")


def main(arguments: Sequence[str]) -> int:
    """Apply the reviewed plans of one environment."""
    parser = argparse.ArgumentParser(prog="python -m deployment.apply_reviewed_plan", description=__doc__)
    parser.add_argument("environment")
    parser.add_argument("--sha256", required=True, help="the hash of the reviewed plan")
    options = parser.parse_args(arguments)
    stacks = stacks_to_plan(options.environment)
    apply_reviewed_plans(stacks, options.environment, sha256=options.sha256, allowed=allowed_losses())
    return 0


if __name__ == "__main__":
    run(main)
