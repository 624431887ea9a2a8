"""Plan a stack once, and apply that very plan."""

import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from deployment.checked_plan import refuse_foreign_changes
from deployment.environment_stacks import address_prefix, addresses_of
from deployment.escaped_text import visible
from deployment.plan_rules import find_violations
from deployment.progress import show_progress
from deployment.run_command import Confirm
from deployment.stack import Stack
from deployment.terraform_output import print_line
from deployment.terraform_progress import TerraformProgress
from environments.user_error import UserError

# With -detailed-exitcode, of a plan that would change something.
CHANGES = 2
# These take a while, and a line says when they are done.
COUNTED = {"create", "update", "delete"}


@dataclass(frozen=True)
class ExactPlan:
    """A plan that was shown, in Terraform's file and as `terraform show -json` has it."""

    stack: Stack
    file: Path
    document: dict[str, Any]
    is_empty: bool

    def refuse_losses(self, allowed: Sequence[str]) -> None:
        """Raise UserError when it removes what holds data and isn't among the allowed addresses."""
        prefix = address_prefix(self.stack)
        if refused := find_violations(self.document, allowed=addresses_of(self.stack, allowed), prefix=prefix):
            raise UserError("\n".join(map(visible, refused)))

    def require_word(self, confirm: Confirm, word: str, doing: str) -> None:
        """Raise UserError unless the person types the word."""
        if confirm(f"Type {word} to {doing}: ").strip() != word:
            raise UserError(f"{self.stack.name} was left as it is")

    def apply(self, doing: str = "Deploying") -> None:
        """Apply it, and show how far that is. Terraform refuses when the state is another one by now."""
        progress = TerraformProgress(doing, self.stack.name, count=self._count())

        def on_line(line: str) -> None:
            print_line(line)
            progress.read(line)

        with show_progress(progress):
            self.stack.terraform("apply", "-input=false", str(self.file), on_line=on_line)

    def _count(self) -> int:
        """Return how many resources it makes, changes, removes and imports."""
        changes = [one["change"] for one in self.document.get("resource_changes", [])]
        return sum(len(COUNTED & set(change["actions"])) + ("importing" in change) for change in changes)


def make_plan(stack: Stack, file: Path, *options: str) -> ExactPlan:
    """Initialize the stack, write its plan to the file, show it, and return it; the file holds secrets."""
    stack.initialize("-reconfigure")
    file = file.resolve()
    code = stack.terraform("plan", "-input=false", "-detailed-exitcode", *options, f"-out={file}", allowed=(0, CHANGES))
    file.chmod(0o600)
    document = json.loads(stack.read_terraform("show", "-json", str(file)))
    refuse_foreign_changes(document, called=stack.name, types=stack.types)
    return ExactPlan(stack, file, document, is_empty=code == 0)


@contextmanager
def exact_plan(stack: Stack, *options: str) -> Iterator[ExactPlan]:
    """Plan, show the plan, and yield it; its file is no other command's, and is removed at the end."""
    with TemporaryDirectory(dir=stack.folder, prefix="plan-") as folder:
        yield make_plan(stack, Path(folder, "exact.tfplan"), *options)


def allowed_losses() -> list[str]:
    """Return the addresses that ALLOW_REPLACE names: of these a plan may remove what holds data."""
    return os.environ.get("ALLOW_REPLACE", "").replace(",", " ").split()
