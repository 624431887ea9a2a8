"""Control characters from data and logs reach the operator's terminal as harmless text."""

import json
from typing import Any

import pytest
from click.testing import CliRunner

from deployment.escaped_text import is_unsafe_to_show
from operations import timestamps
from operations.commands import operations
from operations.commands.target_environment import CommandTarget
from operations.environment import Environment
from tests.integration.operations.test_dead_letters import kill
from tests.integration.operations.test_orders import log
from tests.integration.operations.test_undelivered import RECORD, keep
from tests.support.order_tables import create_payments_table

HOSTILE = "\x1b[31m\r\nPAID\t\x9b2J\u202e\u2028\U000e0041\ufeff\ufffe"
SHOWN = r"\x1b[31m\r\nPAID\t\x9b2J\u202e\u2028\U000e0041\ufeff\ufffe"
IN_A_MESSAGE = HOSTILE.replace("\x1b", "").replace("\ufffe", "")  # SQS refuses both
ROW = ("name", "restaurant_id", "status", "currency", "version", "quantity", "unit_price", "total", "due_at")
USER = "0fad7bc7-2451-4d65-bbe5-7c4b879c227a"
NUMBERS = {"version": 3, "quantity": 2, "unit_price": 950, "total": 1900}


def output_of(environment: Environment, *arguments: str) -> list[str]:
    """Run a command as on a terminal; return the lines of its output."""
    target = CommandTarget(environment.names.environment)
    target.__dict__["environment"] = environment
    done = CliRunner().invoke(operations, arguments, obj=target, catch_exceptions=False, color=True)
    assert done.exit_code == 0, done.output
    assert not [character for character in done.output.replace("\n", "") if is_unsafe_to_show(character)]
    return done.output.split("\n")


@pytest.fixture
def everything(orders: Environment, monkeypatch: pytest.MonkeyPatch) -> Environment:
    """The environment with a payments table too, and a fixed setting of the sweep."""
    monkeypatch.setattr("operations.orders.sweep_setting", lambda *_: "1")
    create_payments_table(orders.client("dynamodb"), orders.names.payments_table)
    return orders


def test_rows_payments_and_logs(everything: Environment) -> None:
    texts = ("name", "restaurant_id", "currency", "failure_reason", "status", "more", "payment_method", "lease_owner")
    row: dict[str, Any] = {name: {"S": HOSTILE} for name in texts}
    row |= {name: {"N": str(number)} for name, number in NUMBERS.items()}
    row |= {"user_id": {"S": USER}, "id": {"S": "o"}, "due_at": {"N": "1000"}, "open_shard": {"N": "0"}}
    payment: dict[str, Any] = {name: {"S": HOSTILE} for name in ("charge_id", "currency", "reason", "result")}
    payment |= {"user_id": {"S": USER}, "order_id": {"S": "o"}, "amount": {"N": "1900"}}
    payment |= {"created_at": {"S": timestamps.time_text(timestamps.now()).replace(" ", "T")}}
    dynamodb, names = everything.client("dynamodb"), everything.names
    dynamodb.put_item(TableName=names.orders_table, Item=row)
    dynamodb.put_item(TableName=names.payments_table, Item=payment)
    log(everything, names.function_log("announce"), {"message": HOSTILE, "order_id": "o", "status": HOSTILE})
    trouble = {"cause": json.dumps({"errorMessage": HOSTILE}), "error": f"o {HOSTILE}"}
    event = {"id": "1", "type": "TaskFailed", "details": trouble, "execution_arn": "arn:11111111-aaaa"}
    log(everything, names.workflow_log, event)

    shown = output_of(everything, "order", "show", "o", "--user", USER)
    listed = output_of(everything, "order", "open")

    assert f"content     2 x {SHOWN} from {SHOWN}" in shown
    assert f"more        {SHOWN}" in shown
    assert len([line for line in shown if "  announce " in line and f"{SHOWN}: {SHOWN}" in line]) == 1
    assert len([line for line in shown if f"  workflow 11111111  trouble: o {SHOWN}, " in line]) == 1
    assert len([line for line in listed if SHOWN in line]) == 1


def test_rows_whose_parts_are_of_another_type(everything: Environment) -> None:
    held: list[Any] = [{"S": "x"}, {"N": "9.5"}, {"NULL": True}, {"M": {"a": {"S": "x"}}}, {"L": []}, {"B": b"\x1b"}]
    client, names = everything.client("dynamodb"), everything.names
    for number, value in enumerate(held):
        order = {"user_id": {"S": USER}, "id": {"S": str(number)}, **dict.fromkeys(ROW, value), "due_at": {"N": "1"}}
        payment = dict.fromkeys(("result", "amount", "currency", "charge_id", "reason", "created_at"), value)
        client.put_item(TableName=names.orders_table, Item=order)
        client.put_item(
            TableName=names.payments_table, Item={"user_id": {"S": USER}, "order_id": {"S": str(number)}, **payment}
        )

    shown = [output_of(everything, "order", "show", str(number), "--user", USER) for number in range(len(held))]
    listed = output_of(everything, "order", "list", "--user", USER)

    assert all(any(line.startswith("payment ") for line in lines) for lines in shown)
    assert {line.split("  ")[0] for line in listed} >= {str(number) for number in range(len(held))}


def test_dead_letters(environment: Environment) -> None:
    kill(environment, IN_A_MESSAGE)
    queued = environment.queue_url(environment.names.dead_letter_queue)
    (message,) = environment.client("sqs").receive_message(QueueUrl=queued, VisibilityTimeout=0)["Messages"]
    reason = {"message": f"poison message: {HOSTILE}", "message_id": message["MessageId"]}
    log(environment, environment.names.function_log("start_workflow"), reason)

    listed = output_of(environment, "dead-letters", "list")
    shown = output_of(environment, "dead-letters", "show", message["MessageId"])
    would = output_of(environment, "dead-letters", "drop", message["MessageId"], "--dry-run")

    body = SHOWN.replace(r"\x1b", "").replace(r"\ufffe", "")
    assert len(listed) == 4
    assert f"poison message: {SHOWN} (1 times" in listed[1]
    assert f"body        {body}" in shown
    assert would == [f"Would delete message {message['MessageId']}: {body}. Dry run: nothing was changed.", ""]


def test_undelivered_announcements(orders: Environment) -> None:
    stream = RECORD["dynamodb"]
    images = {"OldImage": {"status": {"S": HOSTILE}}, "NewImage": {"status": {"S": HOSTILE}, "name": {"S": HOSTILE}}}
    record = {**RECORD, "dynamodb": {**stream, **images, "Keys": {"user_id": {"S": "u"}, "id": {"S": HOSTILE}}}}
    keep(orders, "a", payload={"Records": [record]})
    keep(orders, "b", use_case=HOSTILE)

    listed = output_of(orders, "undelivered", "list")
    shown = output_of(orders, "undelivered", "show", "a")
    would = output_of(orders, "undelivered", "announce", "--all", "--dry-run")

    assert f"{SHOWN} {SHOWN} → {SHOWN}" in listed[1]
    assert f"left by {orders.names.function(SHOWN)}, and left alone here" in listed[2]
    assert len(listed) == 5
    assert json.loads("\n".join(shown[shown.index("{") :])) == record
    assert f"{SHOWN} {SHOWN}" in would[0]
