"""The contracts of the ports that only send: hints, workflows, announcements, subscribers.

Each has an attribute `received`: everything that the receiver got so far.
"""

from collections.abc import Callable
from dataclasses import replace
from uuid import uuid4

import pytest
from orders.domain.announcement import announcement_of
from orders.domain.order import Order, OrderKey
from orders.domain.row import order_from_row
from orders.ports import Announcements, Hints, Subscribers, Workflows

from tests.support.order_rows import KEY, order_row


class HintsContract:
    """Inherited by the tests of each implementation."""

    @pytest.fixture
    def hints(self) -> Hints:
        raise NotImplementedError

    @pytest.fixture
    def received(self, hints: Hints) -> Callable[[], list[OrderKey]]:
        raise NotImplementedError

    def test_a_hint_names_its_order(self, hints: Hints, received: Callable[[], list[OrderKey]]) -> None:
        key = replace(KEY, user_id=uuid4().hex)

        hints.send(key)

        assert received() == [key]


class WorkflowsContract:
    """Inherited by the tests of each implementation."""

    @pytest.fixture
    def workflows(self) -> Workflows:
        raise NotImplementedError

    @pytest.fixture
    def started(self, workflows: Workflows) -> Callable[[], list[OrderKey]]:
        raise NotImplementedError

    def test_an_order_may_have_a_second_workflow(
        self, workflows: Workflows, started: Callable[[], list[OrderKey]]
    ) -> None:
        key = replace(KEY, user_id=uuid4().hex)
        workflows.start(key)

        workflows.start(key)

        assert started() == [key, key]


Message = tuple[str, str, dict[str, str]]
"""Subject, text and attributes."""


class AnnouncementsContract:
    """Inherited by the tests of each implementation."""

    @pytest.fixture
    def announcements(self) -> Announcements:
        raise NotImplementedError

    @pytest.fixture
    def received(self, announcements: Announcements) -> Callable[[], list[Message]]:
        raise NotImplementedError

    def test_a_message_can_be_read_and_filtered(
        self, announcements: Announcements, received: Callable[[], list[Message]]
    ) -> None:
        order = order_from_row(order_row(status="PAID", version=3))
        announcement = announcement_of(order)

        announcements.publish(announcement)

        assert received() == [
            (
                announcement.subject,
                announcement.text,
                {
                    "status": "PAID",
                    "user_id": KEY.user_id,
                    "restaurant_id": "trattoria-roma",
                    "order_id": KEY.order_id,
                    "version": "3",
                    "announcement_id": f"{KEY.user_id}/{KEY.order_id}/3",
                },
            )
        ]


class SubscribersContract:
    """Inherited by the tests of each implementation."""

    @pytest.fixture
    def subscribers(self) -> Subscribers:
        raise NotImplementedError

    @pytest.fixture
    def received(self, subscribers: Subscribers) -> Callable[[], list[Order]]:
        raise NotImplementedError

    def test_subscribers_see_the_order_as_it_is(
        self, subscribers: Subscribers, received: Callable[[], list[Order]]
    ) -> None:
        order = order_from_row(order_row(status="FAILED", failure_reason="CARD_DECLINED", version=3))

        subscribers.notify(order)

        assert received() == [order]
