"""Plan a stack and apply that very plan, for stacks that an administrator applies by hand."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deployment.checked_plan import refuse_foreign_changes
from deployment.stack import Stack

# With -detailed-exitcode, of a plan that would change something.
CHANGES = 2


@dataclass(frozen=True)
class ExactPlan:
    """A plan that was shown, in Terraform's file and as `terraform show -json` has it."""

    stack: Stack
    file: Path
    document: dict[str, Any]
    is_empty: bool

    def apply(self) -> None:
        """Apply it. Terraform refuses when the state is another one by now."""
        self.stack.terraform("apply", "-input=false", str(self.file))


@contextmanager
def exact_plan(stack: Stack) -> Iterator[ExactPlan]:
    """Plan, show the plan, and yield it; its file holds secrets, and is removed at the end."""
    file = (stack.folder / "exact.tfplan").resolve()
    try:
        code = stack.terraform("plan", "-input=false", "-detailed-exitcode", f"-out={file}", allowed=(0, CHANGES))
        file.chmod(0o600)
        document = json.loads(stack.read_terraform("show", "-json", str(file)))
        refuse_foreign_changes(document, called=stack.name, types=stack.types)
        yield ExactPlan(stack, file, document, is_empty=code == 0)
    finally:
        file.unlink(missing_ok=True)
