"""Invalid orders get a typed error with the reason, and nothing is stored."""

from collections.abc import Callable, Iterator

import pytest

from tests.e2e.support.administrator_access import AdministratorAccess
from tests.e2e.support.order_requests import CANCEL, DELETE, ORDER, PIZZA, UPDATE
from tests.e2e.support.users import user_id_of
from verify.customer import Customer, GraphqlError
from verify.polling import wait_for_final_status

WRONG_CONTENT = [
    ("quantity", -6, "InvalidInput", "quantity must be a number from 1 to 100, got -6"),
    ("quantity", 0, "InvalidInput", "quantity must be a number from 1 to 100, got 0"),
    ("quantity", 101, "InvalidInput", "quantity must be a number from 1 to 100, got 101"),
    ("name", "", "InvalidInput", 'name must be 1 to 100 characters and not blank, got ""'),
    ("name", " \t\n", "InvalidInput", "name must be 1 to 100 characters and not blank"),
    ("name", "x" * 101, "InvalidInput", "name must be 1 to 100 characters and not blank"),
    ("name", "x" * 10_240, "InvalidInput", "name must be 1 to 100 characters and not blank"),
    ("restaurantId", "", "InvalidInput", "restaurantId must be 1 to 100 characters"),
    ("restaurantId", "#restaurants", "InvalidInput", "reserved"),
    ("name", "Pizza Hawaii", "UnknownMenuItem", '"Pizza Hawaii" is not on the menu of "trattoria-roma"'),
    ("name", "Risotto ai Funghi", "UnknownMenuItem", "is not available now"),
    ("restaurantId", "nowhere", "UnknownMenuItem", 'is not on the menu of "nowhere"'),
]
WRONG_IDS = ["", "42", "01ARZ3NDEKTSV4RRFFQ69G5FA", "01ARZ3NDEKTSV4RRFFQ69G5FAVX", "81ARZ3NDEKTSV4RRFFQ69G5FAV"]
WRONG_IDS += ["01ARZ3NDEKTSV4RRFFQ69G5FIL", "01arz3ndektsv4rrffq69g5fav", "01ARZ3NDEKTSV4RRFFQ69G5FAV\n"]
WRONG_PAYMENT_METHODS = ["", "visa", "pm_card visa", f"pm_{'x' * 61}", "pm_card_visa\n", "PM_card_visa"]


@pytest.fixture
def hints_held(account: AdministratorAccess) -> Iterator[None]:
    """Orders stay PENDING, and their hints stay on the queue."""
    with account.hints_held():
        yield


@pytest.fixture(scope="module")
def guest(new_customer: Callable[[], Customer]) -> Customer:
    """A customer who sends only invalid orders."""
    return new_customer()


@pytest.fixture
def nothing_stored(guest: Customer) -> Iterator[None]:
    """A check that the test stored nothing."""
    yield
    assert guest.orders() == []


@pytest.mark.public_api
@pytest.mark.parametrize(("field", "value", "error_type", "message"), WRONG_CONTENT)
@pytest.mark.usefixtures("nothing_stored")
def test_an_order_of_what_nobody_can_order_is_refused(
    guest: Customer, field: str, value: object, error_type: str, message: str
) -> None:
    with pytest.raises(GraphqlError) as refused:
        guest.post_order(**{**PIZZA, field: value})

    assert refused.value.type == error_type
    assert message in str(refused.value)
    assert len(str(refused.value)) < 300


@pytest.mark.public_api
@pytest.mark.parametrize(
    ("field", "value"),
    [*(("id", wrong) for wrong in WRONG_IDS), *(("paymentMethod", wrong) for wrong in WRONG_PAYMENT_METHODS)],
)
@pytest.mark.usefixtures("nothing_stored")
def test_a_malformed_id_or_payment_method_is_refused(guest: Customer, field: str, value: str) -> None:
    with pytest.raises(GraphqlError, match=f"{field} must be") as refused:
        guest.post_order(**PIZZA, **{field: value})

    assert refused.value.type == "InvalidInput"


@pytest.mark.parametrize(("field", "value", "error_type", "message"), WRONG_CONTENT)
@pytest.mark.usefixtures("hints_held")
def test_an_update_to_what_nobody_can_order_is_refused(
    customer: Customer, field: str, value: object, error_type: str, message: str
) -> None:
    order = customer.post_order(**PIZZA)

    with pytest.raises(GraphqlError) as refused:
        customer.execute(UPDATE, input={**PIZZA, "id": order["id"], field: value})

    assert refused.value.type == error_type
    assert message in str(refused.value)
    assert customer.order(order["id"]) == order


@pytest.mark.public_api
@pytest.mark.parametrize("document", [ORDER, CANCEL, DELETE])
@pytest.mark.parametrize("wrong", WRONG_IDS)
def test_a_malformed_id_is_refused_wherever_an_order_is_named(guest: Customer, document: str, wrong: str) -> None:
    with pytest.raises(GraphqlError, match="id must be a ULID") as refused:
        guest.execute(document, id=wrong)

    assert refused.value.type == "InvalidInput"


@pytest.mark.public_api
@pytest.mark.usefixtures("nothing_stored")
def test_somebody_elses_order_is_not_there(guest: Customer, customer: Customer) -> None:
    order = wait_for_final_status(customer, customer.post_order(**PIZZA))

    attempts = [(UPDATE, {"input": {**PIZZA, "id": order["id"], "quantity": 9}})]
    attempts += [(document, {"id": order["id"]}) for document in (CANCEL, DELETE)]
    errors = []
    for document, variables in attempts:
        with pytest.raises(GraphqlError) as refused:
            guest.execute(document, **variables)
        errors.append(refused.value.type)

    assert errors == ["OrderNotFound"] * 3
    assert guest.execute(ORDER, id=order["id"]) == {"order": None}
    assert guest.execute("{ orders { id } }") == {"orders": []}
    assert customer.order(order["id"]) == order


@pytest.mark.usefixtures("hints_held")
def test_nothing_of_what_was_refused_is_charged_or_on_the_queue(guest: Customer, account: AdministratorAccess) -> None:
    accepted = guest.post_order(**PIZZA)

    bodies = [message["Body"] for message in account.messages("queue_url")]

    (theirs,) = (body for body in bodies if user_id_of(guest) in body)
    assert accepted["id"] in theirs
    assert account.rows("payments", user_id_of(guest)) == []
