"""The local run is stopped in the middle of a backlog and started again: nothing is lost, nothing is done twice."""

import json
import os
import signal
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from deployment.cdktf import COLOURS, run_cdktf
from deployment.outputs import aws_environment
from local import run as local_run
from local.customer import Customer
from local.emulator import keeping
from local.emulator.process import free_port
from local.own_server import is_own_server
from local.run import LocalRun
from tests.e2e.account import Account
from tests.e2e.mailbox import Mailbox
from tests.e2e.orders import PIZZA, PIZZA_TOTAL, new_id
from tests.e2e.users import sign_up, user_id_of
from tests.e2e.waiting import eventually

ORDERS = 200
CONCURRENCY = 8
BACKLOG = 40  # orders that were accepted and aren't final: then it is the middle
SETTLE_SECONDS = 240


@dataclass
class Restart:
    """What was seen of a run over its stop."""

    run: LocalRun
    account: Account
    customer: Customer
    outputs: dict[str, Any]
    before: dict[str, Any]
    """What `.local/outputs.json` held before the stop."""
    statuses_at_stop: Counter[str]
    """The orders that the restarted system held at first, by status."""
    deployments: int
    accepted: set[str] = field(default_factory=set)
    rows: list[dict[str, Any]] = field(default_factory=list)

    @property
    def user_id(self) -> str:
        """Whose orders they are."""
        return user_id_of(self.customer)


@pytest.fixture(scope="module")
def restart(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Restart]:
    """A run of its own that was stopped by SIGTERM while orders came in, started again, and is through with them."""
    run = LocalRun(tmp_path_factory.mktemp("restart"))
    with ExitStack() as cleanup:
        before = run.up(port=free_port(), keep=True)
        cleanup.callback(lambda: run.down(drop=True))
        user = sign_up(before)
        customers = [cleanup.enter_context(Customer(before, **user)) for _ in range(CONCURRENCY)]
        accepted = place_and_stop(run, Account(before), customers)

        deployments: list[object] = []
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(local_run, "deploy", lambda *_: deployments.append(_))
            outputs = run.up()
        account = Account(outputs)
        customer = cleanup.enter_context(Customer(outputs, **user))
        at_stop = Counter(row["status"]["S"] for row in account.rows("orders", user_id_of(customer)))
        found = Restart(run, account, customer, outputs, before, at_stop, len(deployments), accepted)
        found.rows = wait_until_final(found)
        yield found


def place_and_stop(run: LocalRun, account: Account, customers: list[Customer]) -> set[str]:
    """Place orders until the server ends, which is told to do so in the middle; returns which were accepted."""
    accepted: set[str] = set()
    user_id = user_id_of(customers[0])

    def place(number: int) -> None:
        id_ = new_id()
        try:
            customers[number % CONCURRENCY].post_order(id=id_, **PIZZA)
        except Exception:  # it was stopped meanwhile; whether it has the order shows later
            return
        accepted.add(id_)

    with ThreadPoolExecutor(CONCURRENCY) as threads:
        placing = [threads.submit(place, number) for number in range(ORDERS)]
        eventually(lambda: len(accepted), lambda count: count > ORDERS // 2, within_seconds=60)
        eventually(lambda: unfinished(account, user_id), lambda count: count > BACKLOG, within_seconds=10)
        stop_in_the_middle(run)
        for order in placing:
            order.result()
    return accepted


def unfinished(account: Account, user_id: str) -> int:
    return sum(row["status"]["S"] in ("PENDING", "PAYING") for row in account.rows("orders", user_id))


def stop_in_the_middle(run: LocalRun) -> None:
    """Send SIGTERM and wait for the end, as a machine that is shut down does."""
    pid = json.loads((run.directory / "run.json").read_text(encoding="utf-8"))["pid"]
    os.kill(pid, signal.SIGTERM)
    eventually(lambda: is_own_server(pid, run.directory), lambda running: not running, within_seconds=30)


def wait_until_final(restart: Restart) -> list[dict[str, Any]]:
    """The rows once none is open; leases of executions that died are taken for over, as after five minutes."""
    deadline = time.monotonic() + SETTLE_SECONDS
    while time.monotonic() < deadline:
        rows = restart.account.rows("orders", restart.user_id)
        still_open = [row for row in rows if row["status"]["S"] in ("PENDING", "PAYING")]
        if not still_open:
            return rows
        for row in still_open:
            pretend_it_is_due(restart, row)
        time.sleep(5)
    return restart.account.rows("orders", restart.user_id)


def pretend_it_is_due(restart: Restart, row: dict[str, Any]) -> None:
    """Move an open order's due time into the past, once for each time that somebody has set it."""
    client = restart.account.client("dynamodb")
    try:
        client.update_item(
            TableName=restart.outputs["orders_table"],
            Key={name: row[name] for name in ("user_id", "id")},
            UpdateExpression="SET due_at = :past",
            ConditionExpression="#status = :seen AND version = :version AND due_at > :past AND due_at < :restart",
            ExpressionAttributeNames={"#status": "status"},
            ExpressionAttributeValues={
                ":past": {"N": "1"},
                ":seen": row["status"],
                ":version": row["version"],
                ":restart": {"N": str(int(time.time() * 1000) + 3_600_000)},
            },
        )
    except client.exceptions.ConditionalCheckFailedException:
        return


def test_it_was_stopped_in_the_middle(restart: Restart) -> None:
    assert ORDERS // 2 < len(restart.accepted) < ORDERS
    assert restart.statuses_at_stop["PENDING"] + restart.statuses_at_stop["PAYING"] > 0


def test_it_goes_on_without_a_deployment(restart: Restart) -> None:
    assert restart.outputs == restart.before
    assert restart.deployments == 0
    assert restart.run.problems() == []


def test_a_token_of_before_is_still_good(restart: Restart) -> None:
    order = restart.customer.order(min(restart.accepted))

    assert order["total"] == PIZZA_TOTAL


def test_no_accepted_order_is_lost_and_each_is_paid(restart: Restart) -> None:
    statuses = Counter(row["status"]["S"] for row in restart.rows)

    assert restart.accepted <= {row["id"]["S"] for row in restart.rows}
    assert set(statuses) == {"PAID"}


def test_each_order_is_charged_once(restart: Restart) -> None:
    payments = restart.account.rows("payments", restart.user_id)

    charged = sorted((row["order_id"]["S"], row["amount"]["N"], row["result"]["S"]) for row in payments)
    assert charged == sorted((row["id"]["S"], str(PIZZA_TOTAL), "approved") for row in restart.rows)


def test_each_final_status_is_announced(restart: Restart) -> None:
    wanted = {row["id"]["S"] for row in restart.rows}
    mailbox = Mailbox(restart.account)

    mails = eventually(
        lambda: mailbox.about(restart.user_id),
        lambda found: {mail.attributes["order_id"] for mail in found} >= wanted,
        within_seconds=60,
    )

    assert {(mail.attributes["order_id"], mail.attributes["status"]) for mail in mails} == {
        (id_, "PAID") for id_ in wanted
    }


def test_no_message_is_left_or_dead(restart: Restart) -> None:
    queue = eventually(lambda: depth(restart, "queue_url"), lambda found: found == 0, within_seconds=90)

    assert queue == 0
    assert depth(restart, "dead_letter_queue_url") == 0


def depth(restart: Restart, queue: str) -> int:
    """How many messages a queue holds, also those that are in flight or delayed."""
    names = [f"ApproximateNumberOfMessages{part}" for part in ("", "NotVisible", "Delayed")]
    attributes = restart.account.client("sqs").get_queue_attributes(
        QueueUrl=restart.outputs[queue], AttributeNames=names
    )["Attributes"]
    return sum(int(attributes[name]) for name in names)


def test_cdktf_finds_no_changes(restart: Restart) -> None:
    directory: Path = restart.run.directory
    log = directory / "diff.log"

    code = run_cdktf(
        ["diff", "orders-local", "--skip-synth", "--output", str(directory / "cdktf.out")],
        aws=aws_environment(restart.outputs),
        log=log,
    )

    said = COLOURS.sub("", log.read_text(encoding="utf-8"))
    assert code == 0, said
    assert "No changes." in said, said


def test_another_stop_keeps_all_of_it_again(restart: Restart) -> None:
    restart.run.down()
    kept = keeping.was_kept(restart.run.directory)
    outputs = restart.run.up()

    assert kept
    assert outputs == restart.before
    assert len(restart.account.rows("orders", restart.user_id)) == len(restart.rows)
