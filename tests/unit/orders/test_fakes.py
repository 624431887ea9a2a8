"""The fakes pass the contract tests of their adapters."""

from collections.abc import Callable

import pytest
from orders.domain.order import Order, OrderKey

from tests.contracts.charge_requests import ChargeRequestsContract
from tests.contracts.delayed import DelayedContract
from tests.contracts.gateway import GatewayContract
from tests.contracts.orders import OrdersContract
from tests.contracts.payments import PaymentsContract
from tests.contracts.sending_ports import (
    AnnouncementsContract,
    HintsContract,
    Message,
    SubscribersContract,
    WorkflowsContract,
)
from tests.support.fakes import (
    FakeAnnouncements,
    FakeChargeRequests,
    FakeDelayed,
    FakeGateway,
    FakeHints,
    FakeOrders,
    FakePayments,
    FakeSubscribers,
    FakeWorkflows,
)


class TestFakeOrders(OrdersContract):
    @pytest.fixture
    def orders(self) -> FakeOrders:
        return FakeOrders()


class TestFakeChargeRequests(ChargeRequestsContract):
    @pytest.fixture
    def orders(self) -> FakeOrders:
        return FakeOrders()

    @pytest.fixture
    def charge_requests(self, orders: FakeOrders) -> FakeChargeRequests:
        return FakeChargeRequests(orders)


class TestFakePayments(PaymentsContract):
    @pytest.fixture
    def payments(self) -> FakePayments:
        return FakePayments()


class TestFakeDelayed(DelayedContract):
    @pytest.fixture
    def delayed(self) -> FakeDelayed:
        return FakeDelayed()


class TestFakeGateway(GatewayContract):
    @pytest.fixture
    def payments(self) -> FakePayments:
        return FakePayments()

    @pytest.fixture
    def gateway(self) -> FakeGateway:
        return FakeGateway()


class TestFakeHints(HintsContract):
    @pytest.fixture
    def hints(self) -> FakeHints:
        return FakeHints()

    @pytest.fixture
    def received(self, hints: FakeHints) -> Callable[[], list[OrderKey]]:
        return lambda: hints.sent


class TestFakeWorkflows(WorkflowsContract):
    @pytest.fixture
    def workflows(self) -> FakeWorkflows:
        return FakeWorkflows()

    @pytest.fixture
    def started(self, workflows: FakeWorkflows) -> Callable[[], list[OrderKey]]:
        return lambda: workflows.started


class TestFakeAnnouncements(AnnouncementsContract):
    @pytest.fixture
    def announcements(self) -> FakeAnnouncements:
        return FakeAnnouncements()

    @pytest.fixture
    def received(self, announcements: FakeAnnouncements) -> Callable[[], list[Message]]:
        def messages() -> list[Message]:
            return [
                (
                    said.subject,
                    said.text,
                    {
                        "status": said.order.status,
                        "user_id": said.order.key.user_id,
                        "restaurant_id": said.order.restaurant_id,
                        "order_id": said.order.key.order_id,
                        "version": str(said.order.version),
                        "announcement_id": said.id,
                    },
                )
                for said in announcements.published
            ]

        return messages


class TestFakeSubscribers(SubscribersContract):
    @pytest.fixture
    def subscribers(self) -> FakeSubscribers:
        return FakeSubscribers()

    @pytest.fixture
    def received(self, subscribers: FakeSubscribers) -> Callable[[], list[Order]]:
        return lambda: subscribers.seen
