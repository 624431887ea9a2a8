"""A client of the original tutorial still works, with its own GraphQL documents."""

import pytest

from tests.e2e.support.administrator_access import AdministratorAccess
from verify.customer import Customer
from verify.polling import changeable_seconds, eventually

POST = """
mutation PostOrder($input: OrderInput!) {
  postOrder(input: $input) { id name quantity restaurantId orderStatus createdAt }
}
"""
UPDATE = """
mutation UpdateOrder($input: UpdateOrderInput!) {
  updateOrder(input: $input) { id name quantity restaurantId orderStatus }
}
"""
DELETE = "mutation DeleteOrder($id: String!) { deleteOrder(id: $id) }"
ORDER = "query Order($id: String!) { order(id: $id) { id name quantity restaurantId orderStatus userId createdAt } }"
ORDERS = "query Orders { orders { id name quantity restaurantId orderStatus } }"


def test_a_tutorial_client_places_updates_reads_and_deletes(customer: Customer, account: AdministratorAccess) -> None:
    with account.hints_held():
        posted = customer.execute(POST, input={"name": "Margherita", "quantity": 1, "restaurantId": "trattoria-roma"})[
            "postOrder"
        ]
        content = {"id": posted["id"], "name": "Tiramisù", "quantity": 2, "restaurantId": "trattoria-roma"}
        updated = customer.execute(UPDATE, input=content)["updateOrder"]
        read = customer.execute(ORDER, id=posted["id"])["order"]
        listed = customer.execute(ORDERS)["orders"]
        deleted = customer.execute(DELETE, id=posted["id"])["deleteOrder"]

    assert posted["orderStatus"] == "PENDING"
    assert updated == {**content, "orderStatus": "PENDING"}
    assert {**read, **updated} == read
    assert read["createdAt"] == posted["createdAt"]
    assert listed == [updated]
    assert deleted == posted["id"]
    assert customer.execute(ORDERS) == {"orders": []}


@pytest.mark.public_api
def test_a_tutorial_client_sees_its_order_paid(customer: Customer) -> None:
    order = {"name": "Mochi", "quantity": 4, "restaurantId": "sakura"}
    posted = customer.execute(POST, input=order)["postOrder"]

    status = eventually(
        lambda: customer.execute(ORDER, id=posted["id"])["order"]["orderStatus"],
        lambda status: status == "PAID",
        within_seconds=10 + changeable_seconds(customer.order(posted["id"])),
    )

    assert status == "PAID"
