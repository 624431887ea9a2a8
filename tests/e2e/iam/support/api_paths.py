"""Paths through the system that end with the API's answer."""

from collections.abc import Callable, Generator

import pytest

from tests.e2e.faults.support.one_order import OneOrder
from tests.e2e.faults.support.sweeper import lose_hints
from tests.e2e.iam.support.grants import Grant
from tests.e2e.iam.support.path_context import PathContext, PathSteps
from tests.e2e.support.order_requests import CANCEL, DELETE, ORDER, PIZZA
from verify.customer import GraphqlError

ORDERS = "{ orders { id } }"
MENU = '{ menu(restaurantId: "trattoria-roma") { name } }'
Call = Callable[[OneOrder], object]


def place(order: OneOrder) -> object:
    return order.customer.post_order(**PIZZA)


def place_under_its_id(order: OneOrder) -> object:
    """Place the order with its id, as the page does, so that the call can be repeated safely."""
    return order.customer.post_order(**PIZZA, id=order.id)


def look(order: OneOrder) -> object:
    return order.customer.execute(ORDER, id=order.id)["order"]


def list_all(order: OneOrder) -> object:
    return order.customer.execute(ORDERS)["orders"]


def read_menu(order: OneOrder) -> object:
    return order.customer.execute(MENU)["menu"]


def cancel(order: OneOrder) -> object:
    return order.customer.execute(CANCEL, id=order.id)["cancelOrder"]


def delete(order: OneOrder) -> object:
    return order.customer.execute(DELETE, id=order.id)["deleteOrder"]


def answered(call: Call) -> PathSteps:
    """Return a path: a call about a PENDING order is refused, and succeeds with the permission."""

    def steps(context: PathContext, grant: Grant) -> Generator[None, None, None]:
        order = context.new_order()
        lose_hints([order], context.account)
        yield
        with pytest.raises(GraphqlError, match=f"not authorized to perform: {grant.action} "):
            call(order)
        assert order.status == "PENDING"
        yield
        assert call(order)

    return steps
