"""The order workflow's definition, rendered, and checked against the machine's timeout."""

from pathlib import Path

from environments.settings import Timeouts
from stacks.components.function import Function
from stacks.components.state_machine import StateMachine
from stacks.components.table import Table
from stacks.orders.workflow_time import check_worst_path
from stacks.synth.rendering import render_definition

DEFINITION = Path(__file__).resolve().parent / "workflows" / "order.asl.json"


def define_workflow(workflow: StateMachine, *, orders: Table, charge_payment: Function, timeouts: Timeouts) -> None:
    """Grant the workflow what its states need, and define its states."""
    definition = render_definition(
        DEFINITION.read_text(encoding="utf-8"),
        {
            "orders_table": orders.name,
            "charge_payment_arn": charge_payment.arn,
            "lease_milliseconds": timeouts.lease * 1000,
            "task_timeout_seconds": timeouts.task,
            "machine_timeout_seconds": timeouts.machine,
        },
    )
    check_worst_path(definition)
    role = workflow.grantee
    grants = [
        *orders.grant(role, "UpdateItem"),
        charge_payment.grant_invoke(role),
        # The workflow passes the order's key only, and the function reads the charge from the row.
        *orders.grant(charge_payment.grantee, "GetItem"),
    ]
    workflow.define(definition, after=grants)
