"""Apply the delivery stack of an environment's account: `python -m deployment.delivery_roles dev`.

With an administrator's credentials, after `make bootstrap` and before the first `make deploy`: the roles of an
environment that names a `github_repository` carry a permissions boundary that this stack makes.
"""

from collections.abc import Sequence

from deployment.deploy import deploy_stack
from deployment.run_command import Confirm, ask, run
from deployment.stack import synthesized
from environments.settings import settings_of
from environments.user_error import UserError


def apply(environment: str, *, confirm: Confirm = ask) -> None:
    """Show what would change and apply it once that is confirmed."""
    stack = synthesized("orders", environment)
    stack = stack.sibling(settings_of(environment).names.delivery_stack)
    if not stack.folder.is_dir():
        raise UserError(f"no repository delivers {environment}: set github_repository in environments.toml")
    deploy_stack(stack, confirm=confirm)


def main(arguments: Sequence[str]) -> int:
    """Apply the stack of one environment's account."""
    apply(*arguments[:1] or [""])
    return 0


if __name__ == "__main__":
    run(main)
