"""A role without one of its permissions fails visibly, and the work is done when it is back."""

import pytest

from tests.e2e.support.administrator_access import AdministratorAccess
from tests.e2e.support.mailbox import Mailbox
from tests.e2e.support.order_requests import PIZZA
from tests.e2e.support.users import user_id_of
from verify.customer import Customer, GraphqlError
from verify.polling import eventually, wait_for_final_status, wait_for_status


def test_a_data_source_needs_its_right_to_write(customer: Customer, account: AdministratorAccess) -> None:
    with (
        account.without("dynamodb:PutItem", role="orders-local-api-orders-table"),
        pytest.raises(GraphqlError, match="not authorized to perform: dynamodb:PutItem") as refused,
    ):
        customer.post_order(**PIZZA)
    stored = account.rows("orders", user_id_of(customer))
    final = wait_for_final_status(customer, customer.post_order(**PIZZA))

    assert refused.value.type == "DynamoDB:DynamoDbException"
    assert stored == []
    assert final["status"] == "PAID"


def test_a_function_needs_its_right_to_start_workflows(customer: Customer, account: AdministratorAccess) -> None:
    with account.redelivery_after(seconds=2):
        with account.without("states:StartExecution", role="orders-local-start-workflow"):
            order = customer.post_order(**PIZZA)
            said = eventually(
                lambda: account.log_lines("start_workflow", order["id"], "not authorized to perform"),
                bool,
                within_seconds=10,
            )
            status = customer.order(order["id"])["status"]
        final = wait_for_final_status(customer, order)

    assert "states:StartExecution" in said[0]
    assert status == "PENDING"
    assert final["status"] == "PAID"


def test_a_state_machine_needs_its_right_to_move_orders(customer: Customer, account: AdministratorAccess) -> None:
    with account.without("dynamodb:UpdateItem", role="orders-local-order"):
        order = customer.post_order(**PIZZA)
        started = eventually(
            lambda: account.log_lines("start_workflow", "workflow started", order["id"]), bool, within_seconds=10
        )
        status = wait_for_status(customer, order["id"], until="PAYING", within_seconds=0.5)
    # The workflow retries if it still runs. If not, the sweep would send a hint that starts
    # another one.
    account.send_hint(user_id_of(customer), order["id"])
    final = wait_for_final_status(customer, order)

    assert started
    assert status == "PENDING"
    assert final["status"] == "PAID"
    assert len(account.rows("payments", user_id_of(customer))) == 1


def test_a_function_needs_its_right_to_publish_orders(
    customer: Customer, account: AdministratorAccess, mailbox: Mailbox
) -> None:
    with account.without("appsync:GraphQL", role="orders-local-announce"):
        order = wait_for_final_status(customer, customer.post_order(**PIZZA))
        said = eventually(
            lambda: account.log_lines("announce", order["id"], "could not announce"), bool, within_seconds=10
        )
        meanwhile = mailbox.about(user_id_of(customer))
    mails = mailbox.wait_for(user_id_of(customer), count=1)

    assert "publishOrder answered 401" in said[0]
    assert meanwhile == []
    assert [mail.attributes["order_id"] for mail in mails] == [order["id"]]
