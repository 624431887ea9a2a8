"""The stacks that are planned, reviewed and deployed together: the API's, then the page's, which reads its outputs."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from deployment.plan_changes import Document, changes_of
from deployment.repository_paths import PLANS
from deployment.stack import Stack, synthesized
from environments.names import PAGE, SYSTEM, stack_name
from environments.user_error import UserError


def stacks_to_plan(environment: str) -> list[Stack]:
    """The environment's stacks; the page's can't be planned before the API is deployed, and is left out until then."""
    system = synthesized(SYSTEM, environment)
    page = system.sibling(stack_name(PAGE, environment))
    return [system, page] if page_can_be_planned(system, page) else [system]


def page_can_be_planned(system: Stack, page: Stack) -> bool:
    """Return True if the API whose outputs the page's stack reads is deployed; prints a line when it isn't."""
    if is_deployed(system):
        return True
    print(f"{page.name} is planned once {system.name} is deployed.")
    return False


def environment_of(stack: Stack) -> str:
    """Return the environment that the stack is of."""
    return stack.name.partition("-")[2]


def address_prefix(stack: Stack) -> str:
    """The text before the addresses of the page's stack, whose plan may be reviewed with the API's."""
    return f"{PAGE}/" if stack.name.partition("-")[0] == PAGE else ""


def plan_file(stack: Stack, environment: str) -> Path:
    """Return the file that the plan of a stack is left in."""
    return PLANS / f"{environment}{'.' if address_prefix(stack) else ''}{address_prefix(stack).rstrip('/')}.json"


def plan_files(environment: str) -> list[Path]:
    """The plans of the environment that are there, the API's first."""
    return [file for file in (PLANS / f"{environment}.json", PLANS / f"{environment}.{PAGE}.json") if file.exists()]


def addresses_of(stack: Stack, addresses: Sequence[str]) -> list[str]:
    """Those of the addresses that are of the stack, as its plan names them."""
    before, others = address_prefix(stack), f"{PAGE}/"
    if before:
        return [address.removeprefix(before) for address in addresses if address.startswith(before)]
    return [address for address in addresses if not address.startswith(others)]


def join_changes(documents: Mapping[str, Document]) -> Document:
    """Join what several plans change, by the prefix of their stack's addresses."""
    resources = [
        {**resource, **{key: f"{before}{resource[key]}" for key in ("address", "previous_address") if key in resource}}
        for before, document in documents.items()
        for resource in document["resources"]
    ]
    outputs = {f"{before}{name}": value for before, one in documents.items() for name, value in one["outputs"].items()}
    return {"resources": resources, "outputs": outputs}


def read_joined_changes(environment: str) -> Document:
    """Read what the plans that were left change."""
    documents: dict[str, Document] = {}
    files = plan_files(environment)
    if PLANS / f"{environment}.json" not in files:
        raise UserError(f"there is no plan of {environment} in {PLANS}: `make plan ENV={environment}` makes it")
    for file in files:
        noun = file.stem.partition(".")[2]
        documents[f"{noun}/" if noun else ""] = changes_of(json.loads(file.read_text(encoding="utf-8")))
    return join_changes(documents)


def is_deployed(stack: Stack) -> bool:
    """Return True if the stack's state has the outputs that the page reads; after `destroy` it is there, and empty."""
    return bool(stack.outputs())
