"""Customers who place one order after the other, whatever else happens."""

import itertools
import threading
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import Any, Self

import httpx

from environments.user_error import UserError
from tests.e2e.faults.support.invariants import Key
from tests.e2e.support.order_requests import CANCEL, PIZZA, UPDATE, new_id
from verify.customer import Customer, GraphqlError

PAUSE_SECONDS = 0.8
RETRY_SECONDS = 0.5
TRIES = 60
PAID_WITH = ("pm_card_visa", "pm_sim_error_once", "pm_card_visa", "pm_card_chargeDeclined")
# One order of so many is cancelled or changed.
CANCELLED, CHANGED = 5, 7
REFUSED = (GraphqlError, httpx.HTTPError, UserError)


class SteadyOrders:
    """Places orders while the context manager is open. Each is sent again until it is accepted."""

    def __init__(self, customers: Sequence[Customer]) -> None:
        self.accepted: set[Key] = set()
        self._customers = customers
        self._done = threading.Event()
        self._threads = ThreadPoolExecutor(len(customers))
        self._orderings: list[Future[None]] = []

    def __enter__(self) -> Self:
        self._orderings = [self._threads.submit(self._order, customer) for customer in self._customers]
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._threads.shutdown()
        for ordering in self._orderings:
            ordering.result()

    def _order(self, customer: Customer) -> None:
        for number in itertools.count():
            id_ = new_id()
            self._insist(customer, {**PIZZA, "id": id_, "paymentMethod": PAID_WITH[number % len(PAID_WITH)]})
            self.accepted.add(Key(customer.user_id, id_))
            # The change may come too late, or its answer may be lost. The order ends all the same.
            with suppress(*REFUSED):
                if number % CANCELLED == 1:
                    customer.execute(CANCEL, id=id_)
                elif number % CHANGED == 1:
                    customer.execute(UPDATE, input={**PIZZA, "id": id_, "quantity": 3})
            if self._done.wait(PAUSE_SECONDS):
                return

    def _insist(self, customer: Customer, order: dict[str, Any]) -> None:
        for tries in itertools.count(1):
            try:
                customer.post_order(**order)
                return
            except REFUSED:
                if tries == TRIES:
                    raise
                self._done.wait(RETRY_SECONDS)
