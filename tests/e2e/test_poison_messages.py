"""A message that isn't a hint doesn't delay any order."""

import json

import pytest

from tests.e2e.support.administrator_access import AdministratorAccess
from tests.e2e.support.order_requests import PIZZA
from tests.e2e.support.users import user_id_of
from verify.customer import Customer
from verify.polling import eventually, wait_for_final_status

POISON = json.dumps({"version": 2, "order": "of a version that nobody knows"})
HALF_A_CHARACTER = json.dumps({"version": 1, "user_id": "\ud800", "id": "01ARZ3NDEKTSV4RRFFQ69G5FAV"})
BRACKETS = "[" * 20_000
RECEIVES = 4


def invocations(account: AdministratorAccess, *words: str) -> set[str]:
    """Return the ids of start_workflow's invocations that logged a line with the words."""
    return {json.loads(line)["function_request_id"] for line in account.log_lines("start_workflow", *words)}


def test_poison_ends_in_the_dead_letter_queue_and_the_rest_of_its_batch_is_paid(
    customer: Customer, account: AdministratorAccess
) -> None:
    with account.redelivery_after(seconds=1):
        with account.hints_held():
            first = customer.post_order(**PIZZA)
            poison = account.send("queue_url", POISON)
            second = customer.post_order(**PIZZA)
        finals = [wait_for_final_status(customer, order) for order in (first, second)]
        dead = eventually(lambda: account.messages("dead_letter_queue_url", remove=True), bool, within_seconds=20)

    assert [final["status"] for final in finals] == ["PAID", "PAID"]
    assert [message["Body"] for message in dead] == [POISON]
    assert invocations(account, "poison message", poison) > invocations(account, first["id"]) != set()
    assert len(account.log_lines("start_workflow", "poison message", poison)) == RECEIVES
    assert len(account.rows("payments", user_id_of(customer))) == 2
    assert not [message for message in account.messages("queue_url") if message["MessageId"] == poison]


@pytest.mark.parametrize("body", [HALF_A_CHARACTER, BRACKETS], ids=["half a character", "brackets"])
def test_poison_of_any_kind_is_told_and_starts_no_workflow(account: AdministratorAccess, body: str) -> None:
    with account.redelivery_after(seconds=1):
        poison = account.send("queue_url", body)
        dead = eventually(lambda: account.messages("dead_letter_queue_url", remove=True), bool, within_seconds=20)

    lines = [json.loads(line) for line in account.log_lines("start_workflow", poison)]
    assert [message["Body"] for message in dead] == [body]
    assert len(lines) == RECEIVES
    assert {line["message"].split(",")[0] for line in lines} <= {
        "poison message: a hint's user_id must be text of 1 to 2048 bytes of UTF-8",
        "poison message: a hint must be JSON with each key once",
    }
    assert not [line for line in lines if "exception" in line]
