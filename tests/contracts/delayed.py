"""The contract of the Delayed port."""

from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from orders.domain.order import OrderKey
from orders.ports import Delayed

from tests.support.order_rows import KEY


class DelayedContract:
    """Inherited by the tests of each implementation."""

    @pytest.fixture
    def delayed(self) -> Delayed:
        """Return the implementation, given by its tests."""
        raise NotImplementedError

    @pytest.fixture
    def key(self) -> OrderKey:
        return replace(KEY, user_id=uuid4().hex)

    def test_what_was_kept_is_held_until_it_is_forgotten(self, delayed: Delayed, key: OrderKey) -> None:
        assert not delayed.holds(key)
        delayed.keep(key, change(key, "7"))
        assert delayed.holds(key)

        delayed.forget(key, change(key, "7"))

        assert not delayed.holds(key)
        assert of(key, delayed) == []

    def test_the_changes_of_an_order_come_in_the_order_of_the_stream(self, delayed: Delayed, key: OrderKey) -> None:
        numbers = ["9", "10", "100000000003126276691"]
        for number in reversed(numbers):
            delayed.keep(key, change(key, number))

        assert of(key, delayed) == [change(key, number) for number in numbers]

    def test_a_change_that_comes_twice_is_kept_once(self, delayed: Delayed, key: OrderKey) -> None:
        delayed.keep(key, change(key, "7"))
        delayed.keep(key, change(key, "7"))

        assert of(key, delayed) == [change(key, "7")]

    def test_an_order_of_another_customer_is_another(self, delayed: Delayed, key: OrderKey) -> None:
        other = replace(key, user_id=uuid4().hex)
        delayed.keep(key, change(key, "7"))

        assert not delayed.holds(other)

    def test_to_forget_what_is_not_there_is_no_error(self, delayed: Delayed, key: OrderKey) -> None:
        delayed.forget(key, change(key, "7"))

        assert not delayed.holds(key)


def change(key: OrderKey, number: str) -> dict[str, Any]:
    """Make a record of the stream with the attributes that the port reads."""
    keys = {"user_id": {"S": key.user_id}, "id": {"S": key.order_id}}
    return {"eventID": number, "dynamodb": {"SequenceNumber": number, "Keys": keys}}


def of(key: OrderKey, delayed: Delayed) -> list[dict[str, Any]]:
    """Return the delayed changes of one order."""
    return [one for one in delayed.changes() if one["dynamodb"]["Keys"]["user_id"]["S"] == key.user_id]
