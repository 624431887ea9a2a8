"""Run the program of a target of the Makefile.

`python -m deployment.make_targets plan` plans the environment that ENV names.

make and a shell would expand what a person types. So it stays in the environment until it is read here, is checked,
and becomes arguments. The Makefile says which of the variables count only when they are typed.
"""

import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from deployment.make_variables import VARIABLES, MakeVariables
from deployment.run_command import run
from environments.user_error import UserError


def program(variables: MakeVariables) -> list[str]:
    """Return the module that does what the target is for, and its arguments."""
    match variables.target:
        case "demo" | "up":
            others = [*variables.option("--keep", "KEEP"), *variables.option("--change-window", "CHANGE_WINDOW")]
            return ["local", variables.target, *variables.option("--port", "PORT"), *others]
        case "down":
            return ["local", "down", *variables.option("--keep", "KEEP")]
        case "status":
            return ["local", "status"]
        case "cost":
            return ["local.costs"]
        case "soak":
            orders = variables.number("--orders", "N", least=1, most=1_000_000)
            return ["tests.soak", *orders, *variables.number("--seed", "SEED", least=0, most=2**32 - 1)]
        case "bench":
            return ["bench", "all", *variables.option("--base", "BASE")]
        case "bench-laptop":
            return ["bench", "laptop"]
        case "bench-long":
            return ["bench", "long", *variables.number("--orders", "N", least=1_000, most=1_000_000)]
        case "test-web":
            pictures = variables.flag("--screenshots", "SCREENSHOTS", when="yes", otherwise="no")
            return ["pytest", "-q", *pictures, "tests/web"]
        case "synth" | "diff":
            return ["deployment.cdktf", variables.target, *variables.environment_or_all()]
        case "deploy" | "destroy":
            approved = variables.flag("--auto-approve", "APPROVE", when="yes", otherwise="no")
            return ["deployment.cdktf", variables.target, variables.environment("all"), *approved]
        case "plan":
            unlocked = variables.flag("--no-lock", "LOCK", when="false", otherwise="true")
            return ["deployment.plan", variables.environment(), *unlocked]
        case "bootstrap" | "unlock":
            return [f"deployment.{variables.target}", variables.environment()]
        case "delivery":
            return ["deployment.delivery_roles", variables.environment()]
        case "web-deploy":
            return ["deployment.page_delivery", variables.environment()]
        case "verify" | "e2e":
            confirmed = variables.flag("--confirm", "CONFIRM", when="yes", otherwise="no")
            if variables.target == "verify":
                return ["verify", variables.environment(), *confirmed]
            return ["pytest", "-q", f"--env={variables.environment()}", *confirmed, "tests/e2e"]
        case "review":
            return ["deployment.review", *variables.option("--base", "BASE"), *variables.option("--output", "OUTPUT")]
        case "ops":
            words = variables.words()
            if not words and not variables.values.get("ENV"):
                return ["operations", "--help"]
            return ["operations", f"--env={variables.environment()}", *words]
    raise UserError(
        f"deployment.make_targets: got {variables.target!r}, expected a target of the Makefile that takes variables"
    )


def main(arguments: Sequence[str]) -> NoReturn:
    """Become the program of the target, without the variables: they were meant for make."""
    command = [sys.executable, "-m", *program(MakeVariables(" ".join(arguments), os.environ))]
    environment = {name: value for name, value in os.environ.items() if name not in VARIABLES}
    os.execve(command[0], command, environment)  # noqa: S606  # no shell is what this is for


if __name__ == "__main__":
    run(main)
