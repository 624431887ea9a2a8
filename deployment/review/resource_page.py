"""`resources.md`: every resource of a stack."""

from collections.abc import Iterator

from deployment.review.markdown import code, table
from deployment.review.synthesized_stack import SynthesizedStack


def resource_page(stack: SynthesizedStack) -> Iterator[str]:
    """Yield the lines of the table: type, place among the constructs, name on AWS, and Terraform's address."""
    rows = [
        [code(one.type), code(one.path), code(stack.name_of(one)), code(one.address)]
        for one in sorted(stack.resources, key=lambda resource: (resource.type, resource.path))
    ]
    yield from (f"{len(rows)} resources.", "")
    yield from table(["type", "place in the stack", "name", "Terraform's address"], rows)
    yield ""
