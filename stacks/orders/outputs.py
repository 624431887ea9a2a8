"""What a deployment tells: the addresses and names that its users need (`.local/outputs.json` has them too)."""

from typing import TYPE_CHECKING

from cdktf import TerraformOutput

if TYPE_CHECKING:
    from stacks.orders.stack import OrdersStack


def add_outputs(system: "OrdersStack", *, region: str) -> None:
    """Add the outputs of one environment, under these names to the letter."""
    outputs: dict[str, object] = {
        "graphql_url": system.api.graphql_url,
        "realtime_url": system.api.realtime_url,
        "region": region,
        "user_pool_id": system.customers.id,
        "user_pool_client_id": system.customers.client_id,
        "orders_table": system.orders.name,
        "menu_table": system.menu.name,
        "payments_table": system.payments.name,
        "queue_url": system.placed.url,
        "dead_letter_queue_url": system.placed.dead_letter_queue_url,
        "topic_arn": system.announcements.arn,
        "state_machine_arn": system.workflow.known_arn,
        "functions": {
            "start_workflow": system.start_workflow.name,
            "charge_payment": system.charge_payment.name,
            "announce": system.announce.name,
            "sweep": system.sweep.name,
        },
    }
    if system.mailbox:
        outputs["mailbox_queue_url"] = system.mailbox.url
    for name, value in outputs.items():
        TerraformOutput(system, f"output-{name}", value=value).override_logical_id(name)
