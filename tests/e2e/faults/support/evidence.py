"""Reads the evidence on users' orders: rows, changes, announcements and calls to subscribers."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterator
from functools import partial
from typing import Any

from boto3.dynamodb.types import TypeDeserializer

from tests.e2e.faults.support.call_faults import Call
from tests.e2e.faults.support.invariants import FINAL, Change, Evidence, Key, Row, Said, broken_promises
from tests.e2e.support.administrator_access import AdministratorAccess
from tests.e2e.support.mailbox import Mailbox
from verify.polling import eventually


def broken_at_rest(
    accepted: Collection[Key],
    account: AdministratorAccess,
    mailbox: Mailbox,
    *,
    calls: Collection[Call] | None = None,
    within_seconds: float = 20,
) -> dict[Key, list[str]]:
    """Wait until the orders are final and announced, then return the broken promises by order.

    `calls` are those of the functions; they show which changes subscribers received.
    """
    users = {key.user_id for key in accepted}

    def unheard() -> set[Key]:
        return set(accepted) - {said.key for said in announced(mailbox, users)}

    eventually(lambda: open_orders(accepted, account), lambda left: not left, within_seconds=within_seconds)
    eventually(unheard, lambda left: not left, within_seconds=within_seconds)
    told = None if calls is None else list(publications_in(calls))
    evidence = Evidence(
        stored("orders", "id", users, account),
        stored("payments", "order_id", users, account),
        changes(users, account),
        announced(mailbox, users),
        told,
    )
    return broken_promises(accepted, evidence)


def open_orders(accepted: Collection[Key], account: AdministratorAccess) -> set[Key]:
    """Return the orders that aren't final or have no row."""
    rows = stored("orders", "id", {key.user_id for key in accepted}, account)
    return set(accepted) - {key for key, row in rows.items() if row["status"] in FINAL}


def left_on_queues(account: AdministratorAccess, *, within_seconds: float = 15) -> dict[str, int]:
    """Wait for both queues to be empty, and return how many messages each still has."""
    left = {
        queue: eventually(partial(account.waiting, queue), lambda left: left == 0, within_seconds=within_seconds)
        for queue in ("queue_url", "dead_letter_queue_url")
    }
    return {queue: count for queue, count in left.items() if count}


def stored(table: str, id_name: str, users: Collection[str], account: AdministratorAccess) -> dict[Key, Row]:
    """Read the users' rows in `orders` or `payments`."""
    rows = [_plain(row) for user_id in users for row in account.rows(table, user_id)]
    return {Key(row["user_id"], row[id_name]): row for row in rows}


def changes(users: Collection[str], account: AdministratorAccess) -> dict[Key, list[Change]]:
    """Read the changes of the users' orders from the table's stream, oldest first."""
    found: dict[Key, list[Change]] = defaultdict(list)
    for record in _stream_records(account):
        key = Key(record["Keys"]["user_id"]["S"], record["Keys"]["id"]["S"])
        if key.user_id in users:
            old, new = (_plain(record[name]) if name in record else None for name in ("OldImage", "NewImage"))
            found[key].append(Change(old, new))
    return found


def announced(mailbox: Mailbox, users: Collection[str]) -> list[Said]:
    """Read the e-mails about the users' orders."""
    mails = [mail for user_id in users for mail in mailbox.about(user_id)]
    return [
        Said(
            Key(mail.attributes["user_id"], mail.attributes["order_id"]),
            mail.attributes["status"],
            int(mail.attributes["version"]),
            f"{mail.subject}\n{mail.text}",
        )
        for mail in mails
    ]


def publications_in(calls: Collection[Call]) -> Iterator[Said]:
    """Find the publications to subscribers among the calls that AWS executed."""
    for call in calls:
        if call.operation == "publishOrder":
            order = json.loads(call.body)["variables"]["input"]
            yield Said(Key(order["userId"], order["id"]), order["status"], order["version"])


def _stream_records(account: AdministratorAccess) -> Iterator[dict[str, Any]]:
    streams = account.client("dynamodbstreams")
    table = account.client("dynamodb").describe_table(TableName=account.outputs["orders_table"])["Table"]
    arn = table["LatestStreamArn"]
    for shard in streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]:
        start = {"StreamArn": arn, "ShardId": shard["ShardId"], "ShardIteratorType": "TRIM_HORIZON"}
        iterator = streams.get_shard_iterator(**start)["ShardIterator"]
        while iterator:
            page = streams.get_records(ShardIterator=iterator)
            yield from (record["dynamodb"] for record in page["Records"])
            iterator = page.get("NextShardIterator") if page["Records"] else None


def _plain(item: dict[str, Any]) -> Row:
    read = TypeDeserializer().deserialize
    return {name: read(value) for name, value in item.items()}
