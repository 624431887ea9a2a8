"""Each payment method leads to its final status, and an order is charged at most once."""

import pytest

from tests.e2e.support.administrator_access import AdministratorAccess
from tests.e2e.support.order_requests import PIZZA, PIZZA_TOTAL, new_id
from tests.e2e.support.users import user_id_of
from verify.customer import Customer, GraphqlError
from verify.polling import wait_for_final_status


@pytest.mark.parametrize(
    ("payment_method", "reason", "result"),
    [
        ("pm_card_chargeDeclined", "CARD_DECLINED", "declined"),
        ("pm_card_chargeDeclinedInsufficientFunds", "INSUFFICIENT_FUNDS", "declined"),
        ("pm_card_nobody_knows", "UNKNOWN_PAYMENT_METHOD", "declined"),
        ("pm_sim_error_always", "PAYMENT_UNAVAILABLE", "voided"),
    ],
)
def test_an_order_that_was_not_charged_fails_with_the_reason(
    customer: Customer, account: AdministratorAccess, payment_method: str, reason: str, result: str
) -> None:
    final = wait_for_final_status(customer, customer.post_order(**PIZZA, paymentMethod=payment_method))

    assert (final["status"], final["failureReason"]) == ("FAILED", reason)
    (payment,) = account.rows("payments", user_id_of(customer))
    assert (payment["order_id"]["S"], payment["result"]["S"]) == (final["id"], result)


@pytest.mark.parametrize("payment_method", ["pm_card_visa", "pm_sim_error_once"])
def test_a_charge_that_goes_through_in_the_end_pays_the_order(
    customer: Customer, account: AdministratorAccess, payment_method: str
) -> None:
    final = wait_for_final_status(customer, customer.post_order(**PIZZA, paymentMethod=payment_method))

    assert (final["status"], final["failureReason"]) == ("PAID", None)
    (payment,) = account.rows("payments", user_id_of(customer))
    assert (payment["result"]["S"], payment["amount"]["N"], payment["currency"]["S"]) == (
        "approved",
        str(PIZZA_TOTAL),
        "EUR",
    )


def test_a_call_sent_again_is_the_same_order_and_is_charged_once(
    customer: Customer, account: AdministratorAccess
) -> None:
    id_ = new_id()
    first = customer.post_order(id=id_, **PIZZA)
    again = [customer.post_order(id=id_, **PIZZA) for _ in range(3)]
    final = wait_for_final_status(customer, first)
    afterwards = customer.post_order(id=id_, **PIZZA, paymentMethod="pm_card_visa")

    assert {order["id"] for order in [first, *again, afterwards]} == {id_}
    assert afterwards == final
    assert final["status"] == "PAID"
    assert len(account.rows("orders", user_id_of(customer))) == 1
    (payment,) = account.rows("payments", user_id_of(customer))
    assert payment["amount"]["N"] == str(PIZZA_TOTAL)


@pytest.mark.public_api
def test_the_same_id_with_other_content_is_a_conflict(customer: Customer) -> None:
    id_ = new_id()
    first = customer.post_order(id=id_, **PIZZA)

    with pytest.raises(GraphqlError, match="got 3 ×") as refused:
        customer.post_order(id=id_, **{**PIZZA, "quantity": 3})

    assert refused.value.type == "OrderConflict"
    assert wait_for_final_status(customer, first)["quantity"] == PIZZA["quantity"]


def test_two_customers_with_the_same_id_have_two_orders_and_two_charges(
    customer: Customer, stranger: Customer, account: AdministratorAccess
) -> None:
    id_ = new_id()
    theirs = [(somebody, somebody.post_order(id=id_, **PIZZA)) for somebody in (customer, stranger)]

    finals = [wait_for_final_status(somebody, order) for somebody, order in theirs]

    assert [final["status"] for final in finals] == ["PAID", "PAID"]
    charges = [account.rows("payments", user_id_of(somebody)) for somebody, _ in theirs]
    assert [len(rows) for rows in charges] == [1, 1]
    assert charges[0][0]["charge_id"] != charges[1][0]["charge_id"]


def test_the_id_of_an_order_that_was_charged_and_deleted_is_used_up(
    customer: Customer, account: AdministratorAccess
) -> None:
    declined = {**PIZZA, "paymentMethod": "pm_card_chargeDeclined"}
    order = customer.post_order(id=new_id(), **declined)
    wait_for_final_status(customer, order)
    customer.execute("mutation Delete($id: String!) { deleteOrder(id: $id) }", id=order["id"])

    with pytest.raises(GraphqlError, match="charged and then deleted") as refused:
        customer.post_order(id=order["id"], **declined)

    assert refused.value.type == "OrderConflict"
    assert account.rows("orders", user_id_of(customer)) == []
