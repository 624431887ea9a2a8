"""Apply the delivery stack of an environment's account: `python -m deployment.delivery_roles dev`.

With an administrator's credentials, after `make bootstrap` and before the first `make deploy`: the roles of an
environment that names a `github_repository` carry a permissions boundary that this stack makes.
"""

from collections.abc import Callable, Sequence

from deployment.escaped_text import visible
from deployment.exact_plan import exact_plan
from deployment.plan import allowed_losses
from deployment.plan_rules import find_violations
from deployment.run_command import ask, run
from deployment.stack import synthesized
from environments.settings import settings_of
from environments.user_error import UserError


def apply(environment: str, *, confirm: Callable[[str], str] = ask) -> None:
    """Show what would change and apply it once that is confirmed."""
    stack = synthesized("orders", environment)
    stack = stack.sibling(settings_of(environment).names.delivery_stack)
    if not stack.folder.is_dir():
        raise UserError(f"no repository delivers {environment}: set github_repository in environments.toml")
    stack.initialize("-reconfigure")
    with exact_plan(stack) as plan:
        if plan.is_empty:
            return
        if refused := find_violations(plan.document, allowed=allowed_losses(), prefix=""):
            raise UserError("\n".join(map(visible, refused)))
        if confirm(f"Type yes to apply {stack.name}: ").strip() != "yes":
            raise UserError(f"{stack.name} was left as it is")
        plan.apply()


def main(arguments: Sequence[str]) -> int:
    """Apply the stack of one environment's account."""
    apply(*arguments[:1] or [""])
    return 0


if __name__ == "__main__":
    run(main)
