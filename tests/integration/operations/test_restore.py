"""Rows are written back from restored tables: payments first, only missing ones, each once."""

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from orders.domain.order import OrderKey

from environments.settings import settings_of
from environments.user_error import UserError
from operations import restored_tables
from operations.environment import Environment
from tests.integration.operations.conftest import Failing, output_of, with_failing
from tests.support.order_rows import order_row
from tests.support.order_tables import create_orders_table, create_payments_table
from tests.support.table_rows import Table

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
PAID = {"status": "PAID", "version": 3, "open_shard": None, "due_at": None}
COUNTS = ("missing", "same", "differing", "newer here", "newer there")


def key(order_id: str) -> OrderKey:
    return OrderKey("anna", order_id)


def order(order_id: str, **changes: Any) -> dict[str, Any]:
    return order_row(key(order_id), **changes)


def payment(order_id: str, **changes: Any) -> dict[str, Any]:
    charge = {"charge_id": f"ch_{order_id}", "amount": 1700, "currency": "EUR", "result": "approved"}
    return {"user_id": "anna", "order_id": order_id, **charge, "created_at": "2026-01-01T00:00:01.000Z", **changes}


# Rows of the restored tables.
ORDERS = [
    order("same", **PAID),
    order("final", **PAID),
    order("charged", lease_owner="execution", status="PAYING", version=2),
    order("charged-later"),
    order("charged-after-all"),
    order("paying", status="PAYING", version=2),
    order("pending"),
    order("mismatched"),
    order("newer-here"),
    order("newer-there", **PAID),
    order("differing", **PAID),
]
PAYMENTS = [
    *(payment(id_) for id_ in ("same", "final", "charged", "charged-later", "newer-there", "differing")),
    payment("mismatched", amount=850),
]
# Rows of the tables in use that differ.
HERE = [order("newer-here", **PAID), order("newer-there", version=1), order("differing", **PAID, quantity=1)]
# Recorded after the payments table's restore time, and not lost.
NEW_PAYMENT = payment("charged-after-all")
LOST_PAYMENTS = ("final", "charged-later")


@dataclass(frozen=True)
class Drill:
    """Tables in use that lost rows, and restored tables that have them."""

    environment: Environment
    orders: Table
    payments: Table

    def __call__(self, command: str, *more: str, **options: Any) -> list[str]:
        environment = options.pop("environment", self.environment)
        tables = ("--orders", f"{self.orders.name}-restored", "--payments", f"{self.payments.name}-restored")
        return output_of(environment, "restore", command, *tables, *more, **options)

    def ids(self) -> set[str]:
        return {row["id"]["S"] for row in self.orders.client.scan(TableName=self.orders.name)["Items"]}

    def paid(self) -> set[str]:
        return {row["order_id"]["S"] for row in self.payments.client.scan(TableName=self.payments.name)["Items"]}

    def changes(self) -> list[tuple[str, str]]:
        """Return the stream's records since the rows were lost."""
        streams = self.environment.client("dynamodbstreams")
        arn = self.orders.client.describe_table(TableName=self.orders.name)["Table"]["LatestStreamArn"]
        (shard,) = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]
        position = {"StreamArn": arn, "ShardId": shard["ShardId"], "ShardIteratorType": "TRIM_HORIZON"}
        records = streams.get_records(ShardIterator=streams.get_shard_iterator(**position)["ShardIterator"])["Records"]
        return [(record["dynamodb"]["Keys"]["id"]["S"], record["eventName"]) for record in records]


def protect(dynamodb: Any, table: str) -> None:
    specification = {"PointInTimeRecoveryEnabled": True}
    dynamodb.update_continuous_backups(TableName=table, PointInTimeRecoverySpecification=specification)


def restore(dynamodb: Any, table: Table, *, moment: datetime = NOON) -> None:
    target = f"{table.name}-restored"
    with suppress(dynamodb.exceptions.ResourceNotFoundException):
        dynamodb.delete_table(TableName=target)
    dynamodb.restore_table_to_point_in_time(SourceTableName=table.name, TargetTableName=target, RestoreDateTime=moment)


@pytest.fixture
def drill(environment: Environment) -> Drill:
    names, dynamodb = environment.names, environment.client("dynamodb")
    orders = Table(dynamodb, create_orders_table(dynamodb, names.orders_table))
    payments = Table(dynamodb, create_payments_table(dynamodb, names.payments_table))
    for table, rows in ((orders, ORDERS), (payments, PAYMENTS)):
        for row in rows:
            table.put(row)
        protect(dynamodb, table.name)
        restore(dynamodb, table)
    for row in ORDERS[1:]:
        dynamodb.delete_item(TableName=orders.name, Key={"user_id": {"S": "anna"}, "id": {"S": row["id"]}})
    for id_ in LOST_PAYMENTS:
        dynamodb.delete_item(TableName=payments.name, Key={"user_id": {"S": "anna"}, "order_id": {"S": id_}})
    for row in HERE:
        orders.put(row)
    payments.put(NEW_PAYMENT)
    stream = {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"}
    dynamodb.update_table(TableName=orders.name, StreamSpecification=stream)
    return Drill(environment, orders, payments)


def counts(lines: list[str], table: str) -> dict[str, int]:
    (line,) = [line for line in lines if line.startswith(f"{table}  ")]
    return dict(zip(COUNTS, map(int, re.split(r"  +", line)[2:]), strict=True))


class Client:
    """DynamoDB with an action before each write. Records the tables that were written to."""

    def __init__(self, client: Any, before_put: Callable[[Mapping[str, Any]], None] = lambda _: None) -> None:
        self._client = client
        self._before_put = before_put
        self.written: list[str] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def put_item(self, **request: Any) -> Any:
        self.written.append(request["TableName"])
        self._before_put(request)
        return self._client.put_item(**request)


def test_a_plan_counts_and_changes_nothing(drill: Drill) -> None:
    before = drill.ids(), drill.paid()

    lines = drill("plan")

    assert counts(lines, "payments") == dict(zip(COUNTS, (2, 5, 0, 0, 0), strict=True))
    assert counts(lines, "orders") == dict(zip(COUNTS, (7, 1, 1, 1, 1), strict=True))
    assert "  order differing of customer anna: differing" in lines
    assert "  order newer-there of customer anna: newer there" in lines
    assert "  order mismatched of customer anna: open and charged another amount" in lines
    kinds = [
        re.split(r"  +", line)[:2] for line in lines[lines.index("") + 2 :] if "written back" in line or "left" in line
    ]
    assert kinds == [
        ["final", "1"],
        ["open and charged", "3"],
        ["paying and not charged", "1"],
        ["pending and not charged", "1"],
        ["open and charged another amount", "1"],
    ]
    on = "point-in-time recovery on, deletion protection off"
    assert lines[-2:] == [
        f"{drill.payments.name}  stream off, {on}",
        f"{drill.orders.name}    stream NEW_AND_OLD_IMAGES, {on}",
    ]
    assert (drill.ids(), drill.paid()) == before
    assert drill.changes() == []


def test_a_copy_writes_what_is_missing_and_leaves_what_is_there(drill: Drill) -> None:
    lines = drill("copy", "--yes")

    assert lines == ["Wrote 2 payments back.", "Wrote 5 orders back. sweep takes up the open ones within a minute."]
    assert drill.paid() == {row["order_id"] for row in [*PAYMENTS, NEW_PAYMENT]}
    assert drill.ids() == {row["id"] for row in ORDERS} - {"pending", "mismatched"}
    assert drill.orders.row(key("final")) == order("final", **PAID)
    for row in HERE:
        assert drill.orders.row(key(row["id"])) == row
    # No record that announce would take for a change of an order.
    assert {event for _, event in drill.changes()} == {"INSERT"}


def test_open_orders_go_on_where_their_payments_leave_them(drill: Drill) -> None:
    drill("copy", "--yes")

    written = {
        id_: drill.orders.row(key(id_)) or {} for id_ in ("charged", "charged-later", "charged-after-all", "paying")
    }
    assert {id_: (row["status"], row["version"]) for id_, row in written.items()} == {
        "charged": ("PAYING", 1),
        "charged-later": ("PAYING", 1),
        "charged-after-all": ("PAYING", 1),
        "paying": ("PAYING", 1),
    }
    assert not [row for row in written.values() if "lease_owner" in row]


def test_orders_that_wait_to_be_charged_are_written_only_when_that_is_asked_for(drill: Drill) -> None:
    drill("copy", "--yes")
    without = drill.ids()

    lines = drill("copy", "--pending", "--yes")

    assert lines[-1].startswith("Wrote 1 order back.")
    assert drill.ids() - without == {"pending"}
    assert (drill.orders.row(key("pending")) or {})["status"] == "PENDING"


def test_a_dry_run_says_what_it_would_write(drill: Drill) -> None:
    before = drill.ids(), drill.paid()

    lines = drill("copy", "--dry-run")

    assert lines == [
        "Would write 2 missing payments back, then the missing orders: 1 final, 3 open and charged,"
        " 1 paying and not charged; 2 left out. Dry run: nothing was changed."
    ]
    assert (drill.ids(), drill.paid()) == before


def test_all_payments_are_written_before_the_first_order(drill: Drill) -> None:
    client = Client(drill.orders.client)

    drill("copy", "--yes", environment=with_failing(drill.environment, "dynamodb", client))

    assert client.written == [drill.payments.name] * 2 + [drill.orders.name] * 5


def test_no_order_is_written_while_a_payment_is_another(drill: Drill) -> None:
    drill.payments.put(payment("same", result="declined"))
    before = drill.ids()

    with pytest.raises(UserError, match=r"0 payments are missing in .* and 1 differ; a payment is written once"):
        drill("copy", "--yes")

    assert drill.ids() == before


def test_no_order_is_written_while_a_payment_is_missing(drill: Drill, monkeypatch: pytest.MonkeyPatch) -> None:
    before = drill.ids()
    monkeypatch.setattr("operations.restore.insert_missing", lambda *_, **__: 0)

    with pytest.raises(UserError, match=r"no order was written back: .* 2 payments are missing"):
        drill("copy", "--yes")

    assert drill.ids() == before


def test_a_copy_that_broke_off_is_run_again(drill: Drill, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(restored_tables, "PAGE_SIZE", 2)
    failing = Failing(drill.orders.client, "put_item", ConnectionError("the network is gone"), after=4)

    with pytest.raises(ConnectionError):
        drill("copy", "--yes", environment=with_failing(drill.environment, "dynamodb", failing))
    half = drill.ids()
    drill("copy", "--yes")
    again = drill("copy", "--yes")

    assert drill.ids() > half
    assert drill.ids() == {row["id"] for row in ORDERS} - {"pending", "mismatched"}
    assert again == ["Wrote 0 payments back.", "Wrote 0 orders back. sweep takes up the open ones within a minute."]
    assert sorted(drill.changes()) == sorted({*drill.changes()})


def test_a_row_that_was_written_meanwhile_stays(drill: Drill) -> None:
    placed = order("final", status="FAILED", version=9)

    def somebody_is_faster(request: Mapping[str, Any]) -> None:
        if request["Item"].get("id") == {"S": "final"}:
            drill.orders.put(placed)

    client = Client(drill.orders.client, somebody_is_faster)
    lines = drill("copy", "--yes", environment=with_failing(drill.environment, "dynamodb", client))

    assert drill.orders.row(key("final")) == placed
    assert lines[-1].startswith("Wrote 4 orders back.")


def test_rows_that_dynamodb_did_not_get_to_are_asked_for_again(drill: Drill, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(restored_tables, "PAUSE_SECONDS", 0)
    busy = Busy(drill.orders.client)

    lines = drill("plan", environment=with_failing(drill.environment, "dynamodb", busy))

    assert busy.refused > 0
    assert counts(lines, "orders") == dict(zip(COUNTS, (7, 1, 1, 1, 1), strict=True))


class Busy:
    """DynamoDB that answers for one key of a batch, and returns the others as unprocessed."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self.refused = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def batch_get_item(self, *, RequestItems: dict[str, Any]) -> Any:  # noqa: N803
        ((table, asked),) = RequestItems.items()
        first, others = asked["Keys"][:1], asked["Keys"][1:]
        self.refused += len(others)
        left = {table: {**asked, "Keys": others}} if others else {}
        return {**self._client.batch_get_item(RequestItems={table: {**asked, "Keys": first}}), "UnprocessedKeys": left}


def test_payments_that_are_older_than_the_orders_are_refused(drill: Drill) -> None:
    restore(drill.payments.client, drill.payments, moment=NOON - timedelta(seconds=1))

    for command in ("plan", "copy"):
        with pytest.raises(UserError, match=r"11:59:59.000Z, .* expected payments of the same moment or a later one"):
            drill(command, *(["--yes"] if command == "copy" else []))


def test_payments_of_a_later_moment_are_taken(drill: Drill) -> None:
    restore(drill.payments.client, drill.payments, moment=NOON + timedelta(seconds=1))

    assert counts(drill("plan"), "orders")["missing"] == 7


@pytest.fixture
def named(drill: Drill) -> Callable[[str], UserError]:
    """Return a function that gives the error for a name of the restored orders table."""

    def refused(name: str) -> UserError:
        with pytest.raises(UserError) as error:
            output_of(
                drill.environment, "restore", "plan", "--orders", name, "--payments", f"{drill.payments.name}-restored"
            )
        return error.value

    return refused


def test_a_table_that_was_not_restored_from_the_one_in_use_is_refused(
    drill: Drill, named: Callable[[str], UserError]
) -> None:
    orders, payments = drill.orders.name, drill.payments.name
    made = create_orders_table(drill.orders.client, f"{orders}-made")

    expected = f"expected a table restored from {orders}"
    assert str(named("none")) == f"--orders: got none, which isn't there; {expected}"
    assert str(named(orders)) == f"--orders: got {orders}, the table in use; {expected}"
    assert (
        str(named(f"{payments}-restored")) == f"--orders: got {payments}-restored, restored from {payments}; {expected}"
    )
    assert str(named(made)) == f"--orders: got {made}, restored from no table; {expected}"


def test_a_table_that_is_still_being_restored_is_refused(drill: Drill) -> None:
    client = StillRestoring(drill.orders.client)

    with pytest.raises(UserError, match="is still being restored: wait until it is ACTIVE"):
        drill("plan", environment=with_failing(drill.environment, "dynamodb", client))


class StillRestoring:
    """DynamoDB whose restores aren't finished."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def describe_table(self, **request: Any) -> Any:
        table = self._client.describe_table(**request)["Table"]
        summary = {**table.get("RestoreSummary", {}), "RestoreInProgress": True}
        return {"Table": {**table, "TableStatus": "CREATING", "RestoreSummary": summary}}


@pytest.mark.parametrize("lacking", ["stream", "recovery", "deletion protection"])
def test_tables_without_their_stream_or_protection_are_not_written_to(drill: Drill, lacking: str) -> None:
    dynamodb, name = drill.orders.client, drill.orders.name
    settings = settings_of("dev")
    if lacking == "stream":
        dynamodb.update_table(TableName=name, StreamSpecification={"StreamEnabled": False})
    elif lacking == "recovery":
        off = {"PointInTimeRecoveryEnabled": False}
        dynamodb.update_continuous_backups(TableName=name, PointInTimeRecoverySpecification=off)
    else:
        settings = replace(settings, removal_protection=True)
    before = drill.ids(), drill.paid()

    with pytest.raises(UserError, match="`make deploy ENV=dev` puts that back, then run this again"):
        drill("copy", "--yes", settings=settings)

    assert (drill.ids(), drill.paid()) == before


def test_a_stream_or_protection_that_is_lost_meanwhile_is_told(drill: Drill) -> None:
    def recovery_is_switched_off(_: Mapping[str, Any]) -> None:
        off = {"PointInTimeRecoveryEnabled": False}
        drill.orders.client.update_continuous_backups(TableName=drill.orders.name, PointInTimeRecoverySpecification=off)

    client = Client(drill.orders.client, recovery_is_switched_off)

    with pytest.raises(UserError, match="a table's stream or protection changed meanwhile"):
        drill("copy", "--yes", environment=with_failing(drill.environment, "dynamodb", client))
