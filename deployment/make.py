"""Run the program of a target of the Makefile: `python -m deployment.make plan` plans the environment that ENV names.

make and a shell would expand what a person types. So it stays in the environment until it is read here, is checked,
and becomes arguments. The Makefile says which of the variables count only when they are typed.
"""

import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from deployment.command import run
from deployment.typed import VARIABLES, Typed
from environments.user_error import UserError


def program(typed: Typed) -> list[str]:
    """Return the module that does what the target is for, and its arguments."""
    match typed.target:
        case "demo" | "up":
            others = [*typed.option("--keep", "KEEP"), *typed.option("--change-window", "CHANGE_WINDOW")]
            return ["local", typed.target, *typed.option("--port", "PORT"), *others]
        case "down":
            return ["local", "down", *typed.option("--keep", "KEEP")]
        case "status":
            return ["local", "status"]
        case "cost":
            return ["local.costs"]
        case "soak":
            orders = typed.number("--orders", "N", least=1, most=1_000_000)
            return ["tests.soak", *orders, *typed.number("--seed", "SEED", least=0, most=2**32 - 1)]
        case "bench":
            return ["bench", "whole", *typed.option("--base", "BASE")]
        case "bench-laptop":
            return ["bench", "laptop"]
        case "bench-long":
            return ["bench", "long", *typed.number("--orders", "N", least=1_000, most=1_000_000)]
        case "test-web":
            pictures = typed.flag("--screenshots", "SCREENSHOTS", when="yes", otherwise="no")
            return ["pytest", "-q", *pictures, "tests/web"]
        case "synth" | "diff":
            return ["deployment.cdktf", typed.target, *typed.environment_or_all()]
        case "deploy" | "destroy":
            approved = typed.flag("--auto-approve", "APPROVE", when="yes", otherwise="no")
            return ["deployment.cdktf", typed.target, typed.environment("all"), *approved]
        case "plan":
            unlocked = typed.flag("--no-lock", "LOCK", when="false", otherwise="true")
            return ["deployment.plan", typed.environment(), *unlocked]
        case "bootstrap" | "unlock":
            return [f"deployment.{typed.target}", typed.environment()]
        case "delivery":
            return ["deployment.delivery_roles", typed.environment()]
        case "web-deploy":
            return ["deployment.web", typed.environment()]
        case "verify" | "e2e":
            confirmed = typed.flag("--confirm", "CONFIRM", when="yes", otherwise="no")
            if typed.target == "verify":
                return ["verify", typed.environment(), *confirmed]
            return ["pytest", "-q", f"--env={typed.environment()}", *confirmed, "tests/e2e"]
        case "review":
            return ["deployment.review", *typed.option("--base", "BASE"), *typed.option("--output", "OUTPUT")]
        case "ops":
            words = typed.words()
            if not words and not typed.values.get("ENV"):
                return ["operations", "--help"]
            return ["operations", f"--env={typed.environment()}", *words]
    raise UserError(f"deployment.make: got {typed.target!r}, expected a target of the Makefile that takes variables")


def main(arguments: Sequence[str]) -> NoReturn:
    """Become the program of the target, without the variables: they were meant for make."""
    command = [sys.executable, "-m", *program(Typed(" ".join(arguments), os.environ))]
    environment = {name: value for name, value in os.environ.items() if name not in VARIABLES}
    os.execve(command[0], command, environment)  # noqa: S606  # no shell is what this is for


if __name__ == "__main__":
    run(main)
