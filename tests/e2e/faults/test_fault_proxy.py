"""The proxy breaks the calls that a test names, and no others."""

import pytest

from tests.e2e.faults.support.call_faults import AnswerLost
from tests.e2e.faults.support.fault_proxy import FaultProxy
from tests.e2e.support.order_requests import PIZZA
from verify.customer import Customer
from verify.polling import eventually, wait_for_status

pytestmark = pytest.mark.every_run


def test_all_calls_of_the_functions_come_through_the_proxy(proxy: FaultProxy, customer: Customer) -> None:
    order = customer.post_order(**PIZZA)

    assert wait_for_status(customer, order["id"], until="PAID") == "PAID"
    expected = {
        ("start_workflow", "StartExecution"),
        ("charge_payment", "GetItem"),
        ("charge_payment", "PutItem"),
        ("announce", "publishOrder"),
        ("announce", "Publish"),
    }
    missing = eventually(
        lambda: (
            expected - {(call.function, call.operation) for call in proxy.calls if order["id"].encode() in call.body}
        ),
        lambda left: not left,
        within_seconds=10,
    )
    assert missing == set()


def test_a_lost_answer_is_of_a_call_that_happened(proxy: FaultProxy, customer: Customer) -> None:
    with proxy.breaking(AnswerLost(), function="charge_payment", operation="PutItem", numbers=[1]) as rule:
        order = customer.post_order(**PIZZA)

        assert wait_for_status(customer, order["id"], until="PAID") == "PAID"
    assert len(rule.broken) == 1
