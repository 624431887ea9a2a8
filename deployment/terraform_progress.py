"""Progress of Terraform, read from the lines that it or cdktf prints."""

import re
from collections import defaultdict
from dataclasses import dataclass, field

# cdktf puts the stack's name before a line, or blanks where it is the one of the line before.
STACK = re.compile(r"^(?:([\w-]+) {2}|\s+)?(.*)$")
PLAN = re.compile(r"^Plan: (.+)\.$")
EVENT = re.compile(
    r"^(?P<resource>.+): (?:(?P<begun>Creating|Modifying|Destroying|Importing)\.\.\."
    r"|(?:Creation|Modifications|Destruction|Import) complete\b)"
)
# `aws_sqs_queue.placed_495C13F1 (placed/Resource)`, the second part from cdktf; the name ends in a hash of that part.
RESOURCE = re.compile(
    r"^(?:aws_)?(?P<type>\w+)\.(?P<name>[\w-]+?)(?:_[0-9A-F]{8})?(?: \((?P<path>[\w/-]+)\))?(?: \(deposed .*)?$"
)
PHASES = {
    "Initializing the backend...": "reading the state",
    "Initializing provider plugins...": "loading the provider",
    "Success! Terraform has validated the lock file": "planning",
    "Terraform has been successfully initialized!": "planning",
    "No changes.": "nothing to change",
}
NAMED = 2


@dataclass
class StackProgress:
    """Terraform's progress with one stack."""

    phase: str = ""
    # How many resources are to be made, changed and removed; None before that is planned.
    of: int | None = None
    done: int = 0
    # A dictionary, because it remembers which began first: that one takes longest.
    waiting: dict[str, None] = field(default_factory=dict)


class TerraformProgress:
    """Follows what Terraform does, with one stack or several; called, it says how far that is."""

    def __init__(self, doing: str, of: str, *, count: int | None = None) -> None:
        """Begin with the words for what is done, and to what: `Deploying`, `orders-dev`.

        `count` is how many resources a plan changes that is known already: Terraform doesn't print it then.
        """
        self._doing, self._name = doing, of
        self._stacks: defaultdict[str, StackProgress] = defaultdict(StackProgress, {of: StackProgress(of=count)})

    def read(self, line: str) -> None:
        """Take notice of a line."""
        name, text = STACK.match(line.rstrip()).groups()  # type: ignore[union-attr]  # it matches every line
        self._name = name or self._name
        stack = self._stacks[self._name]
        if plan := PLAN.match(text):
            stack.of, stack.done = sum(map(int, re.findall(r"(\d+) to ", plan[1]))), 0
        elif stack.of is not None and (event := EVENT.match(text)):
            if event["begun"]:
                stack.waiting[event["resource"]] = None
            else:
                stack.waiting.pop(event["resource"], None)
                stack.done += 1
        stack.phase = next((phase for said, phase in PHASES.items() if text.startswith(said)), stack.phase)

    def __call__(self) -> str:
        """Return how far it is: `Deploying orders-dev: 34 of 106, waiting for sqs_queue placed and 3 more`."""
        stack = self._stacks[self._name]
        said = stack.phase if stack.of is None else f"{stack.done} of {stack.of}"
        # A copy: another thread reads lines meanwhile.
        waiting = list(stack.waiting)
        if waiting:
            more = f" and {len(waiting) - NAMED} more" if len(waiting) > NAMED else ""
            said += f", waiting for {', '.join(map(_label, waiting[:NAMED]))}{more}"
        return f"{self._doing} {self._name}" + (f": {said}" if said else "")


def _label(resource: str) -> str:
    """A resource as a person calls it: `sqs_queue placed`."""
    found = RESOURCE.match(resource)
    return f"{found['type']} {(found['path'] or found['name']).removesuffix('/Resource')}" if found else resource
