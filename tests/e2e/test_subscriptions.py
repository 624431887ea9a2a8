"""Customers get live updates of their own orders, and of no others."""

import asyncio
import contextlib
from typing import Any

import pytest
from gql import Client, gql
from gql.transport.exceptions import TransportError, TransportQueryError

from tests.e2e.support.administrator_access import AdministratorAccess
from tests.e2e.support.apollo import apollo
from tests.e2e.support.change_window import new_orders_announced, place_one_that_can_be_changed
from tests.e2e.support.order_requests import CANCEL, PIZZA, PIZZA_TOTAL, UPDATE, new_id
from tests.e2e.support.users import user_id_of
from verify.customer import Customer
from verify.subscription_client import WATCH_ALL, HeardOrder, heard_until, make_transport, subscription


async def moves(heard: asyncio.Queue[HeardOrder], *, until: str) -> list[HeardOrder]:
    """Return the changes without PENDING orders, which come only with a change window."""
    return [one for one in await heard_until(heard, until=until) if one["status"] != "PENDING"]


@pytest.mark.public_api
def test_a_subscriber_hears_paying_then_paid_with_growing_versions(outputs: dict[str, Any], customer: Customer) -> None:
    async def story() -> tuple[dict[str, Any], list[dict[str, Any]]]:
        async with subscription(outputs, customer) as heard:
            order = await asyncio.to_thread(customer.post_order, **PIZZA)
            return order, await moves(heard, until="PAID")

    order, heard = asyncio.run(story())

    assert [(one["id"], one["status"], one["version"]) for one in heard] == [
        (order["id"], "PAYING", 2),
        (order["id"], "PAID", 3),
    ]
    assert [(one["userId"], one["total"], one["orderStatus"]) for one in heard] == [
        (user_id_of(customer), PIZZA_TOTAL, "PAYING"),
        (user_id_of(customer), PIZZA_TOTAL, "PAID"),
    ]


@pytest.mark.public_api
def test_a_subscriber_hears_why_a_payment_failed(outputs: dict[str, Any], customer: Customer) -> None:
    async def story() -> list[dict[str, Any]]:
        async with subscription(outputs, customer) as heard:
            await asyncio.to_thread(customer.post_order, **PIZZA, paymentMethod="pm_card_chargeDeclined")
            return await moves(heard, until="FAILED")

    heard = asyncio.run(story())

    assert [(one["status"], one["version"]) for one in heard] == [("PAYING", 2), ("FAILED", 3)]
    assert heard[-1]["failureReason"] == customer.order(heard[-1]["id"])["failureReason"] is not None


def test_a_subscriber_hears_of_a_cancel(
    outputs: dict[str, Any], customer: Customer, account: AdministratorAccess
) -> None:
    async def story() -> list[dict[str, Any]]:
        async with subscription(outputs, customer) as heard:
            order = await asyncio.to_thread(customer.post_order, **PIZZA)
            await asyncio.to_thread(customer.execute, CANCEL, id=order["id"])
            return await heard_until(heard, until="CANCELLED")

    with account.hints_held():
        heard = asyncio.run(story())

    assert [(one["status"], one["version"]) for one in heard] == [("CANCELLED", 2)]


def test_without_a_change_window_a_subscriber_hears_nothing_of_orders_that_wait(
    outputs: dict[str, Any], customer: Customer, account: AdministratorAccess
) -> None:
    async def story() -> list[dict[str, Any]]:
        async with subscription(outputs, customer) as heard:
            order = await asyncio.to_thread(customer.post_order, **PIZZA)
            await asyncio.to_thread(customer.execute, UPDATE, input={**PIZZA, "id": order["id"], "quantity": 3})
            await asyncio.to_thread(customer.execute, CANCEL, id=order["id"])
            return await heard_until(heard, until="CANCELLED")

    with account.hints_held():
        heard = asyncio.run(story())

    assert [(one["status"], one["version"]) for one in heard] == [("CANCELLED", 3)]


def test_where_orders_can_be_changed_a_subscriber_hears_of_placed_and_changed_ones(
    outputs: dict[str, Any], customer: Customer, account: AdministratorAccess
) -> None:
    id_ = new_id()

    async def story() -> list[dict[str, Any]]:
        async with subscription(outputs, customer, id=id_) as heard:
            await asyncio.to_thread(customer.post_order, **PIZZA)
            (like,) = account.rows("orders", user_id_of(customer))
            await asyncio.to_thread(place_one_that_can_be_changed, account, like, id_, seconds=60)
            await asyncio.to_thread(customer.execute, UPDATE, input={**PIZZA, "id": id_, "quantity": 3})
            await asyncio.to_thread(customer.execute, CANCEL, id=id_)
            return await heard_until(heard, until="CANCELLED")

    with account.hints_held(), new_orders_announced(account):
        heard = asyncio.run(story())

    assert [(one["status"], one["version"], one["total"]) for one in heard] == [
        ("PENDING", 1, PIZZA_TOTAL),
        ("PENDING", 2, 2850),
        ("CANCELLED", 3, 2850),
    ]
    assert heard[0]["changeableUntil"] == heard[1]["changeableUntil"] > heard[0]["createdAt"]
    assert heard[2]["changeableUntil"] is None


@pytest.mark.public_api
def test_a_subscriber_to_one_order_hears_of_that_one_only(outputs: dict[str, Any], customer: Customer) -> None:
    wanted, other = new_id(), new_id()

    async def story() -> list[dict[str, Any]]:
        async with subscription(outputs, customer, id=wanted) as one, subscription(outputs, customer, id=None) as null:
            await asyncio.to_thread(customer.post_order, id=other, **PIZZA)
            await asyncio.to_thread(customer.post_order, id=wanted, **PIZZA)
            heard = await moves(one, until="PAID")
            assert null.empty()  # no order's id is null
            return heard

    heard = asyncio.run(story())

    assert [(one["id"], one["status"]) for one in heard] == [(wanted, "PAYING"), (wanted, "PAID")]


@pytest.mark.public_api
def test_two_customers_never_hear_of_each_others_orders(
    outputs: dict[str, Any], customer: Customer, stranger: Customer
) -> None:
    async def story() -> list[list[dict[str, Any]]]:
        async with subscription(outputs, customer) as mine, subscription(outputs, stranger) as theirs:
            placing = [asyncio.to_thread(who.post_order, **PIZZA) for who in (customer, stranger, customer, stranger)]
            await asyncio.gather(*placing)
            heard = [[*await moves(one, until="PAID"), *await moves(one, until="PAID")] for one in (mine, theirs)]
            assert (mine.qsize(), theirs.qsize()) == (0, 0)
            return heard

    mine, theirs = asyncio.run(story())

    assert {one["userId"] for one in mine} == {user_id_of(customer)}
    assert {one["userId"] for one in theirs} == {user_id_of(stranger)}
    assert [len(mine), len(theirs)] == [4, 4]


@pytest.mark.public_api
def test_a_strangers_user_id_is_refused(outputs: dict[str, Any], customer: Customer, stranger: Customer) -> None:
    async def subscribe() -> None:
        async with Client(transport=make_transport(outputs, customer.token)) as session:
            document = gql(WATCH_ALL)
            document.variable_values = {"userId": user_id_of(stranger)}
            async for _ in session.subscribe(document):
                pytest.fail("heard of a stranger's order")

    with pytest.raises(TransportQueryError) as refused:
        asyncio.run(subscribe())

    error = {"errorType": "Unauthorized", "message": "Not Authorized to access onOrderChanged on type Subscription"}
    assert refused.value.errors == [{"errors": [error]}]


@pytest.mark.public_api
@pytest.mark.parametrize("token", ["", "nonsense"])
def test_whoever_is_not_signed_in_does_not_even_connect(outputs: dict[str, Any], token: str) -> None:
    async def connect() -> None:
        async with Client(transport=make_transport(outputs, token)):
            pytest.fail("connected")

    with pytest.raises(TransportError):
        asyncio.run(connect())


def test_a_hundred_subscribers_to_one_order_all_hear_of_it(outputs: dict[str, Any], customer: Customer) -> None:
    id_ = new_id()

    async def story() -> list[list[dict[str, Any]]]:
        async with contextlib.AsyncExitStack() as stack:
            entering = [stack.enter_async_context(subscription(outputs, customer, id=id_)) for _ in range(100)]
            everybody = await asyncio.gather(*entering)
            await asyncio.to_thread(customer.post_order, id=id_, **PIZZA)
            return list(await asyncio.gather(*(heard_until(one, until="PAID") for one in everybody)))

    everybody = asyncio.run(story())

    assert len(everybody) == 100
    for heard in everybody:
        assert [(one["id"], one["status"], one["version"]) for one in heard] == [(id_, "PAYING", 2), (id_, "PAID", 3)]


def test_apollo_with_appsyncs_own_link_hears_the_story_too(outputs: dict[str, Any], customer: Customer) -> None:
    with apollo(outputs, customer) as client:
        client.wait_for(1)
        order = customer.post_order(**PIZZA)
        lines = client.wait_for(3)

    assert lines == [
        {"control": "CONNECTED"},
        {"order": {"__typename": "Order", "id": order["id"], "status": "PAYING", "version": 2}},
        {"order": {"__typename": "Order", "id": order["id"], "status": "PAID", "version": 3}},
    ]


def test_apollo_is_told_that_a_strangers_orders_are_none_of_its_business(
    outputs: dict[str, Any], customer: Customer, stranger: Customer
) -> None:
    with apollo(outputs, customer, user_id=user_id_of(stranger)) as client:
        (line,) = client.wait_for(1)

    assert "Unauthorized" in line["error"]
    assert "Not Authorized to access onOrderChanged on type Subscription" in line["error"]
