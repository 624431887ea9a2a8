"""Print what the workflows of `.github/workflows` ask of `environments.toml`. It needs nothing but Python.

`python -m deployment.github_outputs environments` prints which environments this repository delivers,
`python -m deployment.github_outputs role plan dev` which role a job assumes for that.
Both print lines for `GITHUB_OUTPUT`.
"""

import json
import os
import re
from collections.abc import Sequence

from deployment.run_command import run
from environments.settings import Settings, load_settings
from environments.user_error import UserError

PURPOSES = ("plan", "deploy")


def delivered_environments(environments: Sequence[Settings], *, repository: str) -> list[str]:
    """Return the environments that name this repository (`owner/name`); a fork delivers none of them."""

    def names(settings: Settings) -> list[str]:
        # The ids are for AWS: GitHub tells a workflow only the names.
        return [re.sub("@[0-9]+", "", one).lower() for one in settings.github_repositories]

    return [settings.environment for settings in environments if repository.lower() in names(settings)]


def role_variables(environments: Sequence[Settings], purpose: str, environment: str) -> dict[str, str]:
    """Return the role that the delivery stack makes for the purpose, its account and its region."""
    if purpose not in PURPOSES:
        raise UserError(f"there is no role to {purpose}, only to {' and to '.join(PURPOSES)}")
    known = {settings.environment: settings for settings in environments}
    if environment not in known:
        raise UserError(f"{environment} is not in environments.toml; it has {', '.join(known)}")
    names = known[environment].names
    return {"account": names.account_id, "region": names.region, "role": names.delivery_role(purpose)}


def main(arguments: Sequence[str]) -> int:
    """Print `name=value` lines."""
    match arguments:
        case ["environments"]:
            names = delivered_environments(load_settings(), repository=os.environ["GITHUB_REPOSITORY"])
            print(f"names={json.dumps(names)}")
        case ["role", purpose, environment]:
            for key, value in role_variables(load_settings(), purpose, environment).items():
                print(f"{key}={value}")
        case _:
            raise UserError(
                "usage: python -m deployment.github_outputs environments | role <plan|deploy> <environment>"
            )
    return 0


if __name__ == "__main__":
    run(main)
