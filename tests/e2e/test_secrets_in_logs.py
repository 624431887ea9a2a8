"""No log of a whole run has an e-mail address, a token or a payment method in it."""

import pytest

from environments.names import LOCAL
from environments.settings import settings_of
from tests.conftest import Deployment
from tests.e2e.support.administrator_access import AdministratorAccess
from tests.e2e.support.logs import SECRETS, all_logs, secrets_in
from tests.e2e.support.order_requests import PIZZA
from verify.customer import Customer, GraphqlError
from verify.polling import eventually, wait_for_final_status

METHODS = ("pm_card_visa", "pm_card_chargeDeclined", "pm_sim_error_always")
# Too long for a payment method, so that a resolver refuses it.
REFUSED = "pm_" + "x" * 61


def test_no_log_says_who_a_customer_is_or_how_they_pay(
    customer: Customer, account: AdministratorAccess, deployment: Deployment
) -> None:
    with pytest.raises(GraphqlError, match="paymentMethod must be") as refused:
        customer.post_order(**PIZZA, paymentMethod=REFUSED)
    orders = [wait_for_final_status(customer, customer.post_order(**PIZZA, paymentMethod=method)) for method in METHODS]
    ids = [order["id"] for order in orders]
    with pytest.raises(GraphqlError, match="with another payment method: take a new id") as conflict:
        customer.post_order(**PIZZA, id=ids[0], paymentMethod=METHODS[1])

    logs = eventually(
        lambda: all_logs(account, deployment),
        lambda found: all(id_ in found[settings_of(LOCAL).names.function_log("announce")] for id_ in ids),
        within_seconds=15,
    )

    names = settings_of(LOCAL).names
    for log in (names.function_log("start_workflow"), names.function_log("charge_payment"), names.workflow_log):
        assert [id_ for id_ in ids if id_ not in logs[log]] == [], log
    assert logs["server"]
    assert secrets_in({**logs, "the refusals": f"{refused.value}\n{conflict.value}"}) == []


@pytest.mark.parametrize("secret", ["ada@example.com", "eyJhbGciOiJS.eyJzdWIiOiIx", "pm_card_visa"])
def test_a_secret_is_found_wherever_a_line_has_it(secret: str) -> None:
    lines = f'nothing\n{{"message": "got {secret}"}}'

    assert len(secrets_in({"a group": lines, "another": "nothing"})) == 1
    assert len(SECRETS) == 3
