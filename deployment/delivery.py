"""Apply the delivery stack of an environment's account: `python -m deployment.delivery dev`.

With an administrator's credentials, after `make bootstrap` and before the first `make deploy`: the roles of an
environment that names a `github_repository` carry a permissions boundary that this stack makes.
"""

import sys
from dataclasses import replace

from deployment.checkout import LocalRunError
from deployment.github import tables
from deployment.stack import synthesized


def apply(environment: str) -> None:
    """Show what would change and apply it once that is confirmed."""
    stack = synthesized("orders", environment)
    name = f"delivery-{tables()[environment]['account_id']}"
    folder = stack.folder.with_name(name)
    if not folder.is_dir():
        raise LocalRunError(f"no repository delivers {environment}: set github_repository in environments.toml")
    stack = replace(stack, name=name, folder=folder)
    stack.terraform("init", "-input=false", "-reconfigure")
    stack.terraform("apply")


if __name__ == "__main__":
    try:
        apply(*sys.argv[1:2] or [""])
    except LocalRunError as error:
        sys.exit(f"{error}")
