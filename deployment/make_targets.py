"""The program of each target of the Makefile, and the arguments that it gets of what was typed."""

from contextlib import suppress
from typing import Any

from deployment.make_variables import MakeVariables
from environments.names import LOCAL
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
        case "contracts":
            return ["pytest", "-q", "-m", "contract", "tests/unit", "tests/synth", "tests/integration/resolvers"]
        case "faults" | "iam":
            return ["pytest", "-q", f"--{variables.target}", f"tests/e2e/{variables.target}"]
        case "security":
            return ["pytest", "-q", "--security", "tests/security"]
        case "test-unit" | "test-synth" | "test-integration" | "test-e2e" | "test-emulator":
            return ["pytest", "-q", f"tests/{variables.target.removeprefix('test-')}"]
        case "exit-check":
            return ["deployment.exit_check"]
        case "scale":
            return ["scale"]
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
        f"deployment.run_make_target: got {variables.target!r}, expected a target of the Makefile that takes variables"
    )


def variables_taken(target: str) -> frozenset[str]:
    """Return the variables that a target takes; none for one that is no program."""
    asked = _Asked(ENV=LOCAL)
    with suppress(UserError):
        program(MakeVariables(target, asked))
    return frozenset(asked.names)


class _Asked(dict[str, str]):
    """Values that note the names under which they are looked for."""

    def __init__(self, **values: str) -> None:
        super().__init__(values)
        self.names: set[str] = set()

    def get(self, name: str, default: Any = None) -> Any:
        self.names.add(name)
        return super().get(name, default)
