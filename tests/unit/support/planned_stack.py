"""A stack with a finished plan, which notes what Terraform is asked to do."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from deployment.stack import Stack
from tests.unit.support.plans import Plan, plan

# Stands for the file of the stack's last plan.
FILE = "(the plan)"


class PlannedStack(Stack):
    """Terraform plans what it is made with; its siblings plan the same."""

    types = frozenset({"aws_s3_bucket"})

    def __init__(self, folder: Path, *resources: Plan, name: str = "state-dev") -> None:
        super().__init__(name, folder, {})
        changes = [{"type": "aws_s3_bucket", **one} for one in resources]
        (folder / "plan.json").write_text(json.dumps(plan(*changes)))
        self.__dict__.update(asked=[], files={})

    @property
    def asked(self) -> list[tuple[str, ...]]:
        """The requests to Terraform, of it and of its siblings, behind the name of the stack."""
        found: list[tuple[str, ...]] = self.__dict__["asked"]
        return found

    def initialize(self, *options: str, quiet: bool = False) -> None:
        self.asked.append((self.name, "init", *options))

    def terraform(self, *arguments: str, allowed: Any = (0,), on_line: Callable[[str], None] = print) -> int:
        if arguments[0] == "plan":
            option, file = arguments[-1].split("=")
            self.asked.append((self.name, *arguments[:-1], option, FILE))
            Path(file).touch()
            self.files[self.name] = file
            return 2 if json.loads((self.folder / "plan.json").read_text())["resource_changes"] else 0
        *options, file = arguments
        self.asked.append((self.name, *options, FILE if file == self.files[self.name] else file))
        assert Path(file).exists()
        on_line("aws_s3_bucket.a_495C13F1: Creating...")
        return 0

    def read_terraform(self, *arguments: str) -> str:
        assert arguments == ("show", "-json", self.files[self.name])
        return (self.folder / "plan.json").read_text()

    def sibling(self, name: str) -> "PlannedStack":
        other = PlannedStack.__new__(PlannedStack)
        other.__dict__.update({**self.__dict__, "name": name})
        return other

    @property
    def files(self) -> dict[str, str]:
        """The file of each stack's last plan."""
        found: dict[str, str] = self.__dict__["files"]
        return found

    @property
    def leaves_files(self) -> bool:
        """Return True if a plan is left in its folder."""
        return bool(list(self.folder.glob("**/*.tfplan")))

    @property
    def applied(self) -> list[str]:
        """The names of the stacks whose plan was applied."""
        return [name for name, *rest in self.asked if rest == ["apply", "-input=false", FILE]]
