"""What the workflows of `.github/workflows` ask of `environments.toml`; needs nothing but Python.

`python -m deployment.github environments` prints which environments this repository delivers,
`python -m deployment.github role plan dev` which role a job assumes for that; both as lines for `GITHUB_OUTPUT`.
"""

import json
import os
import re
from collections.abc import Mapping, Sequence
from typing import Any

from deployment.checkout import LocalRunError
from deployment.command import run
from deployment.environments import tables

PURPOSES = ("plan", "deploy")


def delivered(environments: Mapping[str, Mapping[str, Any]], *, repository: str) -> list[str]:
    """The environments that name this repository (`owner/name`); a fork delivers none of them."""

    def name(table: Mapping[str, Any]) -> str:
        # The ids are for AWS: GitHub tells a workflow only the names.
        return re.sub("@[0-9]+", "", str(table.get("github_repository", ""))).lower()

    return [environment for environment, table in environments.items() if name(table) == repository.lower()]


def role(environments: Mapping[str, Mapping[str, Any]], purpose: str, environment: str) -> dict[str, str]:
    """The role that `stacks/delivery/stack.py` makes for the purpose, its account and the environment's region."""
    if purpose not in PURPOSES:
        raise LocalRunError(f"there is no role to {purpose}, only to {' and to '.join(PURPOSES)}")
    if environment not in environments:
        raise LocalRunError(f"{environment} is not in environments.toml; it has {', '.join(environments)}")
    account = str(environments[environment]["account_id"])
    return {
        "account": account,
        "region": str(environments[environment]["region"]),
        "role": f"arn:aws:iam::{account}:role/delivery/orders-{environment}-{purpose}",
    }


def main(arguments: Sequence[str]) -> int:
    """Print `name=value` lines."""
    match arguments:
        case ["environments"]:
            names = delivered(tables(), repository=os.environ["GITHUB_REPOSITORY"])
            print(f"names={json.dumps(names)}")
        case ["role", purpose, environment]:
            for key, value in role(tables(), purpose, environment).items():
                print(f"{key}={value}")
        case _:
            raise LocalRunError("usage: python -m deployment.github environments | role <plan|deploy> <environment>")
    return 0


if __name__ == "__main__":
    run(main)
