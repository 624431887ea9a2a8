"""Commands of the person on call on the deployed system, with the documented permissions only."""

import json
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from environments.names import ALARMS
from operations.on_call_policy import on_call_policy
from tests.e2e.support.administrator_access import AdministratorAccess
from tests.e2e.support.mailbox import Mailbox
from tests.e2e.support.on_call import Ops, on_call
from tests.e2e.support.order_requests import PIZZA
from tests.e2e.support.users import user_id_of
from verify.customer import Customer
from verify.polling import eventually, wait_for_final_status, wait_for_status

POISON = json.dumps({"version": 2, "order": "of a version that nobody knows"})
REFUSED = "not authorized to perform"


@pytest.fixture(scope="module")
def ops(account: AdministratorAccess) -> Iterator[Ops]:
    """Run a command as a user with the documented permissions; return the lines of its output."""
    with on_call(account, on_call_policy) as run:
        yield run


@contextmanager
def announcements_given_up_at_once(account: AdministratorAccess) -> Iterator[None]:
    """Give announcements up at once, because an hour of retries is too long for a test."""
    functions, name = account.client("lambda"), account.outputs["functions"]["announce"]
    (mapping,) = functions.list_event_source_mappings(FunctionName=name)["EventSourceMappings"]
    functions.update_event_source_mapping(UUID=mapping["UUID"], MaximumRetryAttempts=1)
    try:
        yield
    finally:
        functions.update_event_source_mapping(
            UUID=mapping["UUID"], MaximumRetryAttempts=mapping["MaximumRetryAttempts"]
        )


def stuck_order(customer: Customer, account: AdministratorAccess) -> str:
    """An order whose hint got lost."""
    with account.hints_held():
        order = customer.post_order(**PIZZA)
        taken = account.messages("queue_url", remove=True)
    assert [order["id"] in message["Body"] for message in taken] == [True]
    return str(order["id"])


def line_of(lines: list[str], word: str) -> str:
    """Return the only line that has the word."""
    (line,) = [line for line in lines if word in line]
    return line


def rewrite(account: AdministratorAccess, customer: Customer, order_id: str, **update: Any) -> None:
    """Change a row directly in the table."""
    key = {"user_id": {"S": user_id_of(customer)}, "id": {"S": order_id}}
    account.client("dynamodb").update_item(TableName=account.outputs["orders_table"], Key=key, **update)


def test_a_dead_letter_is_explained_sent_again_and_dropped(
    customer: Customer, account: AdministratorAccess, ops: Ops
) -> None:
    # Hints of earlier tests would be refused too, and become dead letters beside these.
    assert account.hints_left() == 0
    with account.redelivery_after(seconds=1):
        with account.without("states:StartExecution", role="orders-local-start-workflow"):
            poison = account.send("queue_url", POISON)
            order = customer.post_order(**PIZZA)
            listed = eventually(lambda: ops("dead-letters", "list"), lambda lines: len(lines) == 4, within_seconds=30)
        hint = line_of(listed, order["id"]).split()[0]

        would = ops("dead-letters", "redrive", hint, "--dry-run")
        unchanged = ops("dead-letters", "list")
        ops("dead-letters", "redrive", hint, "--yes")
        final = wait_for_final_status(customer, order)
        ops("dead-letters", "redrive", "--all", "--yes")
        back = eventually(lambda: ops("dead-letters", "list"), lambda lines: len(lines) == 3, within_seconds=30)
    shown = ops("dead-letters", "show", back[1].split()[0])
    ops("dead-letters", "drop", back[1].split()[0], "--yes")
    empty = ops("dead-letters", "list")

    assert "poison message: a hint must have exactly the keys" in line_of(listed, poison)
    assert REFUSED in line_of(listed, order["id"])
    assert "PENDING" in line_of(listed, order["id"])
    assert would == [
        "Would move 1 message from orders-local-placed-dead-letters to orders-local-placed."
        " Dry run: nothing was changed."
    ]
    assert unchanged[-1].startswith("2 dead letters")
    assert final["status"] == "PAID"
    assert f"body        {POISON}" in shown
    assert empty == ["0 dead letters in orders-local-placed-dead-letters"]


def test_dead_letters_are_purged_once_the_name_is_typed(
    account: AdministratorAccess, ops: Ops, monkeypatch: pytest.MonkeyPatch
) -> None:
    account.send("dead_letter_queue_url", "first")
    monkeypatch.setattr("operations.commands.confirm.is_terminal", lambda: True)
    answers = iter(["orders-local-placed", "orders-local-placed-dead-letters"])
    monkeypatch.setattr("click.prompt", lambda *_, **__: next(answers))

    with pytest.raises(Exception, match="nothing was changed: expected orders-local-placed-dead-letters"):
        ops("dead-letters", "purge")
    kept = ops("dead-letters", "list")[-1]
    ops("dead-letters", "purge")

    assert kept.startswith("1 dead letter ")
    assert ops("dead-letters", "list")[-1].startswith("0 dead letters")


def test_a_stuck_order_is_retried(customer: Customer, account: AdministratorAccess, ops: Ops) -> None:
    order = stuck_order(customer, account)

    before = ops("order", "open")
    would = ops("order", "retry", order, "--dry-run")
    unchanged = customer.order(order)["status"]
    said = ops("order", "retry", order, "--yes")

    assert "PENDING" in line_of(before, order)
    assert would[0].startswith(f"Would make order {order} (PENDING")
    assert unchanged == "PENDING"
    assert said[-1].endswith("PAID")
    assert [row["result"]["S"] for row in account.rows("payments", user_id_of(customer))] == ["approved"]


def test_a_stuck_order_is_failed_and_can_not_be_charged_any_more(
    customer: Customer, account: AdministratorAccess, ops: Ops
) -> None:
    order = stuck_order(customer, account)

    said = ops("order", "fail", order, "--yes")
    account.send_hint(user_id_of(customer), order)
    later = wait_for_status(customer, order, until="PAID", within_seconds=2)

    assert said[-1].endswith("FAILED (PAYMENT_UNAVAILABLE)")
    assert later == "FAILED"
    assert [row["result"]["S"] for row in account.rows("payments", user_id_of(customer))] == ["voided"]


def test_giving_up_an_order_that_was_charged_makes_it_paid(
    customer: Customer, account: AdministratorAccess, ops: Ops
) -> None:
    with account.redelivery_after(seconds=30):
        order = wait_for_final_status(customer, customer.post_order(**PIZZA))["id"]
    # As after a crash between the charge and MarkPaid.
    rewrite(
        account,
        customer,
        order,
        UpdateExpression="SET #status = :paying, due_at = :due, open_shard = :shard",
        ExpressionAttributeNames={"#status": "status"},
        ExpressionAttributeValues={":paying": {"S": "PAYING"}, ":due": {"N": "9999999999999"}, ":shard": {"N": "0"}},
    )

    said = ops("order", "fail", order, "--yes")

    assert said[-1].endswith("PAID")
    assert customer.order(order)["status"] == "PAID"


def test_an_order_that_somebody_works_on_is_left_alone(
    customer: Customer, account: AdministratorAccess, ops: Ops
) -> None:
    with account.throttled("charge_payment"):
        order = customer.post_order(**PIZZA)["id"]
        paying = wait_for_status(customer, order, until="PAYING")
        with pytest.raises(Exception, match=f"a workflow holds order {order} for another 4 min"):
            ops("order", "retry", order, "--yes")
    said = ops("order", "retry", order, "--yes", "--force")
    with pytest.raises(Exception, match=f"order {order} is PAID, which is final"):
        ops("order", "retry", order, "--yes", "--force")

    assert paying == "PAYING"
    assert said[-1].endswith("PAID")
    assert len(account.rows("payments", user_id_of(customer))) == 1


def test_a_story_is_whole_and_in_time_order(customer: Customer, account: AdministratorAccess, ops: Ops) -> None:
    order = wait_for_final_status(customer, customer.post_order(**PIZZA))["id"]
    account.send("dead_letter_queue_url", json.dumps({"version": 1, "user_id": user_id_of(customer), "id": order}))

    said = eventually(
        lambda: ops("order", "show", order),
        lambda lines: any("announced: PAID" in line for line in lines),
        within_seconds=20,
    )
    dead = account.messages("dead_letter_queue_url", remove=True)
    events = [line for line in said if re.match(r"\d{4}-", line)]
    told = [re.split(r"  +", line, maxsplit=2) for line in events]

    assert len(dead) == 1
    assert [line.split("  ")[0] for line in events] == sorted(line.split("  ")[0] for line in events)
    assert {who.split()[0] for _, who, _ in told} == {
        *("order", "start_workflow", "workflow", "payment", "charge_payment", "announce", "hint", "dead"),
    }
    steps = [what for _, who, what in told if who.startswith("workflow")]
    assert steps == ["started", "BeginPayment", "ChargePayment", "MarkPaid", "ended"]
    assert [what for _, who, what in told if who == "announce"] == [
        "announced: PAYING, version 2",
        "announced: PAID, version 3",
    ]
    assert "total             19.00 EUR (9.50 EUR each)" in said
    parts = {part for line in said if line.startswith("trace ") for part in line.split(maxsplit=2)[2].split(", ")}
    assert parts == {"hint", "start_workflow", "charge_payment", "announce"}
    assert ops("order", "show", order, "--scan") != []


def test_every_line_of_a_workflow_names_its_order(customer: Customer, account: AdministratorAccess) -> None:
    logs, group = account.client("logs"), "/aws/vendedlogs/states/orders-local-order"
    since = int(time.time() * 1000) - 1000
    order = wait_for_final_status(customer, customer.post_order(**PIZZA))["id"]

    def lines() -> list[dict[str, Any]]:
        found = logs.get_paginator("filter_log_events").paginate(
            logGroupName=group, startTime=since, filterPattern=f'"{order}"'
        )
        return [json.loads(event["message"]) for page in found for event in page["events"]]

    said = eventually(
        lines, lambda lines: any(line["type"] == "ExecutionSucceeded" for line in lines), within_seconds=20
    )
    assert [int(line["id"]) for line in said] == [*range(1, len(said) + 1)]
    assert all(order in line["execution_arn"] for line in said)


def test_a_saved_query_finds_an_order_in_each_log(customer: Customer, account: AdministratorAccess) -> None:
    logs, since = account.client("logs"), int(time.time()) - 1
    order = wait_for_final_status(customer, customer.post_order(**PIZZA))["id"]
    found = logs.describe_query_definitions(queryDefinitionNamePrefix="orders-local-one-order")["queryDefinitions"]
    (query,) = found
    # The emulator doesn't know expressions, so this test checks the filter's text.
    text = f"fields @message, @log | {query['queryString'].split('| ')[1].strip()}".replace("ORDER_ID", order)

    def read() -> set[str]:
        id_ = logs.start_query(
            logGroupNames=query["logGroupNames"], queryString=text, startTime=since, endTime=int(time.time()) + 1
        )["queryId"]
        rows = [
            {cell["field"]: cell["value"] for cell in row} for row in logs.get_query_results(queryId=id_)["results"]
        ]
        return {row["@log"].rpartition("orders-local-")[2] for row in rows}

    everywhere = {"announce", "charge-payment", "order", "start-workflow"}
    assert eventually(read, lambda logs: logs >= everywhere, within_seconds=20) == everywhere


def test_a_refused_announcement_is_kept_and_announced_again(
    customer: Customer, account: AdministratorAccess, mailbox: Mailbox, ops: Ops
) -> None:
    with announcements_given_up_at_once(account), account.without("sns:Publish", role="orders-local-announce"):
        order = wait_for_final_status(customer, customer.post_order(**PIZZA))
        listed = eventually(
            lambda: ops("undelivered", "list"), lambda lines: order["id"] in str(lines), within_seconds=20
        )
        kept = line_of(listed, order["id"]).split()[0]
        story = ops("order", "show", order["id"])
        with pytest.raises(Exception, match="was refused again"):
            ops("undelivered", "announce", kept, "--yes")
        still = ops("undelivered", "list")
    before = mailbox.about(user_id_of(customer))
    ops("undelivered", "announce", kept, "--dry-run")
    would = mailbox.about(user_id_of(customer))
    said = ops("undelivered", "announce", "--all", "--yes")
    mails = mailbox.wait_for(user_id_of(customer), count=1)

    assert order["status"] == "PAID"
    assert "PAYING → PAID" in line_of(listed, order["id"])
    assert REFUSED in line_of(listed, order["id"])
    assert f"kept as {kept}" in line_of(story, "undelivered")
    assert line_of(still, kept)
    assert (before, would) == ([], [])
    assert said == [f"  announced {order['id']} PAID; removed {kept}"]
    assert [mail.attributes["order_id"] for mail in mails] == [order["id"]]
    assert ops("undelivered", "list") == ["0 failed batches in orders-local-undelivered-000000000000"]


def test_the_announcements_of_a_spoilt_row_are_kept_at_once_and_made_when_it_is_mended(
    customer: Customer, account: AdministratorAccess, mailbox: Mailbox, ops: Ops
) -> None:
    with account.hints_held():
        order = customer.post_order(**PIZZA)
        rewrite(account, customer, order["id"], UpdateExpression="REMOVE quantity")
    listed = eventually(lambda: ops("undelivered", "list"), lambda lines: "→ PAID" in str(lines), within_seconds=20)
    with pytest.raises(Exception, match="2 of 2 can't be read, and are still kept"):
        ops("undelivered", "announce", "--all", "--yes")
    mended = {"UpdateExpression": "SET quantity = :it", "ExpressionAttributeValues": {":it": {"N": "2"}}}
    rewrite(account, customer, order["id"], **mended)
    said = ops("undelivered", "announce", "--all", "--yes")
    (mail,) = mailbox.wait_for(user_id_of(customer), count=1)

    kept = [line.split()[0] for line in listed if order["id"] in line]
    assert len(kept) == 2
    assert "InvalidRow after 1 try," in line_of(listed, "→ PAID")
    assert said == [
        f"  announced {order['id']} {status}; removed {id_}"
        for status, id_ in zip(("PAYING", "PAID"), kept, strict=True)
    ]
    assert mail.attributes["order_id"] == order["id"]
    assert ops("undelivered", "list") == ["0 failed batches in orders-local-undelivered-000000000000"]


def test_status_shows_what_is_wrong(account: AdministratorAccess, ops: Ops) -> None:
    account.send("dead_letter_queue_url", POISON)

    said = ops("status")
    account.messages("dead_letter_queue_url", remove=True)

    assert "1   → dead-letters list" in line_of(said, "dead letters")
    assert line_of(said, "alarms").endswith(f"of {len(ALARMS)} in ALARM")


def test_orders_are_listed_and_named_by_their_beginning(customer: Customer, ops: Ops) -> None:
    user = user_id_of(customer)
    paid = wait_for_final_status(customer, customer.post_order(**PIZZA))["id"]
    other = "0" * 26
    customer.post_order(**PIZZA, id=other)

    listed = ops("order", "list", "--user", user, "--most", "1")
    shown = ops("order", "show", paid[:24], "--user", user)

    assert "PAID" in line_of(listed, paid)
    assert listed[-1] == f"1 order of customer {user}, and there are more: --most shows more"
    assert shown[0] == f"{paid[:24]} is order {paid} of customer {user}"
    assert line_of(shown, "status ").split()[1] == "PAID,"
