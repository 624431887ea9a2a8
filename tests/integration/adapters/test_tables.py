"""The DynamoDB adapters keep the contracts of their ports."""

from typing import Any

import boto3
import pytest
from botocore.config import Config
from orders.adapters.dynamodb_charge_requests import DynamoDBChargeRequests
from orders.adapters.dynamodb_delayed import DynamoDBDelayed
from orders.adapters.dynamodb_orders import DynamoDBOrders
from orders.adapters.dynamodb_payments import DynamoDBPayments
from orders.adapters.simulated_gateway import SimulatedGateway
from orders.domain.money import Money
from orders.domain.order import OrderKey
from orders.domain.payment import OrdersUnavailable, Payment, PaymentsUnavailable

from tests.contracts.charge_requests import ChargeRequestsContract
from tests.contracts.delayed import DelayedContract, change, of
from tests.contracts.gateway import GatewayContract
from tests.contracts.orders import OrdersContract
from tests.contracts.payments import APPROVED, CREATED_AT, PaymentsContract
from tests.support.order_rows import DUE_AT, KEY, order_row
from tests.support.table_rows import Table


class OrdersWithRows(DynamoDBOrders):
    """The adapter, with the table's rows for the contract."""

    def __init__(self, client: Any, *, table: str, index: str) -> None:
        super().__init__(client, table=table, index=index)
        rows = Table(client, table)
        self.put = rows.put
        self.row = rows.row


class TestDynamoDBOrders(OrdersContract):
    @pytest.fixture
    def orders(self, dynamodb: Any, orders_table: str) -> OrdersWithRows:
        return OrdersWithRows(dynamodb, table=orders_table, index="open-orders")

    def test_due_reads_every_page(self, orders: OrdersWithRows, key: OrderKey, monkeypatch: Any) -> None:
        query = orders._client.query
        for number in range(5):
            orders.put(order_row(OrderKey(key.user_id, str(number)), open_shard=7))
        monkeypatch.setattr(orders._client, "query", lambda **arguments: query(**arguments, Limit=2))

        due = [due.key.order_id for due in orders.due(7, before_milliseconds=DUE_AT + 1)]

        assert sorted(due) == list("01234")


class TestDynamoDBChargeRequests(ChargeRequestsContract):
    @pytest.fixture
    def orders(self, dynamodb: Any, orders_table: str) -> Table:
        return Table(dynamodb, orders_table)

    @pytest.fixture
    def charge_requests(self, orders: Table, dynamodb: Any) -> DynamoDBChargeRequests:
        return DynamoDBChargeRequests(dynamodb, table=orders.name)

    def test_a_missing_table_is_unavailable(self, dynamodb: Any, key: OrderKey) -> None:
        with pytest.raises(OrdersUnavailable):
            DynamoDBChargeRequests(dynamodb, table="nowhere").find(key)


class TestDynamoDBPayments(PaymentsContract):
    @pytest.fixture
    def payments(self, dynamodb: Any, payments_table: str) -> DynamoDBPayments:
        return DynamoDBPayments(dynamodb, table=payments_table)

    def test_a_row_with_attributes_of_a_later_version_is_read(
        self, payments: DynamoDBPayments, key: OrderKey, dynamodb: Any, payments_table: str
    ) -> None:
        payment = payments.record(Payment(key, APPROVED, Money(1700, "EUR"), CREATED_AT))
        table = Table(dynamodb, payments_table)
        table.put((table.row(key, sort="order_id") or {}) | {"card": "4242"})

        found = payments.find(key)

        assert found == payment

    def test_a_missing_table_is_unavailable(self, dynamodb: Any, key: OrderKey) -> None:
        payments = DynamoDBPayments(dynamodb, table="nowhere")

        with pytest.raises(PaymentsUnavailable):
            payments.find(key)
        with pytest.raises(PaymentsUnavailable):
            payments.record(Payment(key, APPROVED, Money(1700, "EUR"), CREATED_AT))

    def test_a_table_that_does_not_answer_is_unavailable(self, key: OrderKey) -> None:
        nobody = boto3.client(
            "dynamodb",
            endpoint_url="http://127.0.0.1:1",
            region_name="us-east-1",
            aws_access_key_id="any",
            aws_secret_access_key="any",
            config=Config(retries={"total_max_attempts": 1}),
        )

        with pytest.raises(PaymentsUnavailable):
            DynamoDBPayments(nobody, table="payments").find(key)


class TestDynamoDBDelayed(DelayedContract):
    @pytest.fixture
    def delayed(self, dynamodb: Any, delayed_table: str) -> DynamoDBDelayed:
        return DynamoDBDelayed(lambda: dynamodb, table=delayed_table)

    def test_every_page_is_read(
        self, delayed: DynamoDBDelayed, key: OrderKey, dynamodb: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        scan = dynamodb.scan
        for number in "12345":
            delayed.keep(key, change(key, number))
        monkeypatch.setattr(dynamodb, "scan", lambda **arguments: scan(**arguments, Limit=2))

        assert [one["eventID"] for one in of(key, delayed)] == list("12345")

    def test_it_is_read_as_of_now(self, delayed: DynamoDBDelayed, key: OrderKey, dynamodb: Any) -> None:
        asked: list[tuple[str, bool]] = []
        dynamodb.meta.events.register(
            "before-parameter-build.dynamodb",
            lambda params, model, **_: asked.append((model.name, params.get("ConsistentRead", False))),
            unique_id="asked",
        )

        delayed.holds(key)
        list(delayed.changes())
        dynamodb.meta.events.unregister("before-parameter-build.dynamodb", unique_id="asked")

        assert asked == [("Query", True), ("Scan", True)]


class TestSimulatedGatewayOnDynamoDB(GatewayContract):
    @pytest.fixture(autouse=True)
    def empty(self, dynamodb: Any, payments_table: str) -> None:
        key = {"user_id": {"S": KEY.user_id}, "order_id": {"S": KEY.order_id}}
        dynamodb.delete_item(TableName=payments_table, Key=key)

    @pytest.fixture
    def payments(self, dynamodb: Any, payments_table: str) -> DynamoDBPayments:
        return DynamoDBPayments(dynamodb, table=payments_table)

    @pytest.fixture
    def gateway(self, payments: DynamoDBPayments) -> SimulatedGateway:
        return SimulatedGateway(payments)
