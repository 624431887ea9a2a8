"""An undelivered change is removed only after it was announced."""

import io
import json
import re
from typing import Any

import pytest

from environments.user_error import UserError
from operations.environment import Environment
from operations.undelivered import announce, list_objects, list_undelivered
from tests.integration.operations.conftest import last_line, output_of, with_failing

RECORD: dict[str, Any] = {
    "eventName": "MODIFY",
    "dynamodb": {
        "Keys": {"user_id": {"S": "u"}, "id": {"S": "o"}},
        "OldImage": {"status": {"S": "PAYING"}},
        "NewImage": {"status": {"S": "PAID"}, "version": {"N": "3"}},
        "SequenceNumber": "7",
    },
}


def keep(
    environment: Environment,
    name: str,
    payload: Any = None,
    *,
    prefix: str = "aws/lambda/x/",
    use_case: str = "announce",
    version: str = "",
) -> None:
    """Store a failed batch in the bucket."""
    function = environment.names.arn("lambda", f"function:{environment.names.function(use_case)}{version}")
    document = {
        "requestContext": {
            "functionArn": function,
            "condition": "RetryAttemptsExhausted",
            "approximateInvokeCount": 3,
        },
        "timestamp": "2026-01-01T00:00:00.000Z",
        "payload": json.dumps({"Records": [RECORD]}) if payload is None else payload,
    }
    environment.client("s3").put_object(
        Bucket=environment.names.undelivered, Key=f"{prefix}{name}", Body=json.dumps(document).encode()
    )


class Announcing:
    """Stands for Lambda: `announce` gives the prepared answers, one after the other."""

    def __init__(self, *answers: Any, error: str | None = None) -> None:
        self._answers = list(answers)
        self._error = error
        self.payloads: list[Any] = []

    def invoke(self, *, FunctionName: str, Payload: bytes) -> dict[str, Any]:  # noqa: N803
        assert FunctionName.endswith("-announce")
        self.payloads.append(json.loads(Payload))
        answer: dict[str, Any] = {"Payload": io.BytesIO(json.dumps(self._answers.pop(0)).encode())}
        return {**answer, "FunctionError": self._error} if self._error else answer


def test_what_is_kept_is_read_oldest_first(environment: Environment) -> None:
    keep(environment, "2026-01-02T00.00.00-b")
    keep(environment, "2026-01-01T00.00.00-a", payload={"Records": [RECORD]})

    found = list(list_undelivered(environment))

    assert [batch.id for batch in found] == ["2026-01-01T00.00.00-a", "2026-01-02T00.00.00-b"]
    (change,) = found[0].changes
    assert (change.order_id, change.before, change.after, change.version) == ("o", "PAYING", "PAID", "3")


def test_a_list_that_is_not_all_says_so(environment: Environment) -> None:
    for name in ("a", "b", "c"):
        keep(environment, name)

    some, all_ = (last_line(environment, "undelivered", "list", "--most", most) for most in ("2", "3"))

    assert some == f"2 failed batches in {environment.names.undelivered}, and there are more: --most shows more"
    assert all_ == f"3 failed batches in {environment.names.undelivered}"


def test_what_was_announced_is_removed(orders: Environment) -> None:
    keep(orders, "a")
    functions = Announcing({"batchItemFailures": []})

    announce(with_failing(orders, "lambda", functions), next(list_undelivered(orders)))

    assert functions.payloads == [{"Records": [RECORD], "is_kept": True}]
    assert list(list_undelivered(orders)) == []


def test_a_row_that_was_mended_is_announced_with_its_content_as_it_is_now(orders: Environment) -> None:
    key = RECORD["dynamodb"]["Keys"]
    spoilt = key | {"status": {"S": "PAYING"}, "version": {"N": "2"}, "quantity": {"S": "two"}}
    mended = {"quantity": {"N": "2"}, "name": {"S": "Margherita"}, "of_a_later_release": {"S": "no onions"}}
    now = key | {"status": {"S": "FAILED"}, "version": {"N": "3"}} | mended
    orders.client("dynamodb").put_item(TableName=orders.names.orders_table, Item=now)
    keep(orders, "a", payload={"Records": [{**RECORD, "dynamodb": {**RECORD["dynamodb"], "NewImage": spoilt}}]})
    functions = Announcing({"batchItemFailures": []})

    announce(with_failing(orders, "lambda", functions), next(list_undelivered(orders)))

    (record,) = functions.payloads[0]["Records"]
    assert record["dynamodb"]["NewImage"] == spoilt | mended
    assert record["dynamodb"]["OldImage"] == RECORD["dynamodb"]["OldImage"]


@pytest.mark.parametrize(
    ("functions", "complaint"),
    [
        (Announcing({"batchItemFailures": [{"itemIdentifier": "7"}]}), "was refused again"),
        (Announcing({"errorMessage": "no luck"}, error="Unhandled"), "failed: no luck"),
        (Announcing(None), "was refused again"),
        (Announcing({}), "was refused again"),
    ],
    ids=["refused again", "failed", "said nothing", "said something else"],
)
def test_what_was_not_announced_is_kept(orders: Environment, functions: Announcing, complaint: str) -> None:
    keep(orders, "a")

    with pytest.raises(UserError, match=complaint):
        announce(with_failing(orders, "lambda", functions), next(list_undelivered(orders)))

    assert [batch.id for batch in list_undelivered(orders)] == ["a"]


@pytest.mark.parametrize(
    "payload",
    ["not records", "[" * 20_000, {"Records": []}, {"Records": [{}]}, {"Records": [7]}],
    ids=["text", "brackets", "no change", "empty record", "number"],
)
def test_an_object_of_another_kind_is_named(environment: Environment, payload: Any) -> None:
    keep(environment, "a", payload=payload)

    with pytest.raises(UserError, match=r"aws/lambda/x/a isn't what is kept"):
        list(list_undelivered(environment))


@pytest.mark.parametrize(
    ("prefix", "still_kept"),
    [("announce/2026/01/01/", ["a"]), ("unreadable/2026/01/01/", ["a"]), ("aws/lambda/x/", ["a", "b"])],
    ids=["unreadable", "unreadable to an earlier release", "refused"],
)
def test_only_what_cannot_be_read_is_passed_over(orders: Environment, prefix: str, still_kept: list[str]) -> None:
    keep(orders, "a", prefix=prefix)
    keep(orders, "b")
    functions = Announcing({"batchItemFailures": [{"itemIdentifier": "7"}]}, {"batchItemFailures": []})

    with pytest.raises(UserError, match="still kept"):
        last_line(with_failing(orders, "lambda", functions), "undelivered", "announce", "--all", "--yes")

    assert [batch.id for batch in list_undelivered(orders)] == still_kept


def test_what_is_dropped_is_gone_and_nothing_else(orders: Environment) -> None:
    keep(orders, "a", prefix="unreadable/")
    keep(orders, "b")

    would = last_line(orders, "undelivered", "drop", "a", "--dry-run")
    said = last_line(orders, "undelivered", "drop", "a", "--yes")

    assert would == "Would remove a, of which nobody is told: o PAID. Dry run: nothing was changed."
    assert said == "Removed."
    assert [batch.id for batch in list_undelivered(orders)] == ["b"]


@pytest.fixture(params=["its own prefix", "Lambda's prefix"])
def with_another(orders: Environment, request: pytest.FixtureRequest) -> Environment:
    """A bucket with one object of `announce` and one of another function."""
    if request.param == "its own prefix":
        orders.client("s3").put_object(Bucket=orders.names.undelivered, Key="index_orders/b", Body=b"of any form")
    else:
        keep(orders, "b", payload="of any form", use_case="index_orders")
    keep(orders, "a", version=":$LATEST")
    return orders


def test_what_another_function_left_is_listed_with_its_name(with_another: Environment) -> None:
    own, another, total = output_of(with_another, "undelivered", "list")[1:]

    assert own.startswith("a ")
    assert "o PAYING → PAID" in own
    assert another.startswith("b ")
    assert re.search(r"left by \S*index.orders, and left alone here: \S*/b$", another)
    assert total == f"2 failed batches in {with_another.names.undelivered}"


def test_only_what_announce_left_is_announced(with_another: Environment) -> None:
    functions = Announcing({"batchItemFailures": []})

    last_line(with_failing(with_another, "lambda", functions), "undelivered", "announce", "--all", "--yes")

    assert functions.payloads == [{"Records": [RECORD], "is_kept": True}]
    assert [one.id for one in list_objects(with_another)] == ["b"]
    nothing = last_line(with_another, "undelivered", "announce", "--all", "--yes")
    assert nothing == f"announce left nothing in {with_another.names.undelivered}."


@pytest.mark.parametrize("command", [("show",), ("announce", "--yes"), ("drop", "--yes")])
def test_what_another_function_left_is_not_touched(with_another: Environment, command: tuple[str, ...]) -> None:
    with pytest.raises(UserError, match=r"^b was left by \S*index.orders; only what announce left"):
        last_line(with_another, "undelivered", *command, "b")

    assert [one.id for one in list_objects(with_another)] == ["a", "b"]


def test_a_change_that_another_function_kept_too_is_announced_from_what_announce_kept(orders: Environment) -> None:
    keep(orders, "a", prefix="announce/2026/01/01/")
    keep(orders, "a", prefix="index_orders/2026/01/01/")
    functions = Announcing({"batchItemFailures": []})

    last_line(with_failing(orders, "lambda", functions), "undelivered", "announce", "a", "--yes")

    assert [one.key for one in list_objects(orders)] == ["index_orders/2026/01/01/a"]


def test_a_record_that_names_no_function_is_nobodys(environment: Environment) -> None:
    body = json.dumps({"requestContext": {}, "payload": {"Records": [RECORD]}}).encode()
    environment.client("s3").put_object(Bucket=environment.names.undelivered, Key="aws/lambda/x/a", Body=body)

    with pytest.raises(
        UserError, match=r"aws/lambda/x/a isn't what is kept of a failed batch: KeyError\('functionArn'\)"
    ):
        list(list_undelivered(environment))
