"""Start the workflow of an order that was placed."""

from orders.domain.hint import parse_hint
from orders.domain.order import OrderKey
from orders.ports import Workflows


def start_workflow(message: str, *, workflows: Workflows) -> OrderKey:
    """Start a workflow for the order that a queue message names; raises InvalidHint for poison."""
    key = parse_hint(message)
    workflows.start(key)
    return key
