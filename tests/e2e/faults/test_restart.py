"""A local run stops amid a backlog and starts again: each order is worked off, and only once."""

import json
import os
import signal
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from deployment.cdktf import run_cdktf
from deployment.local_outputs import aws_environment
from deployment.terraform_output import COLOURS
from emulator.ministack.state import saved_state
from local import run as local_run
from local.run import LocalRun
from local.running_server import is_server_of_run
from local.server_process import free_port
from local.sign_in import sign_in
from tests.e2e.support.administrator_access import AdministratorAccess
from tests.e2e.support.mailbox import Mailbox
from tests.e2e.support.order_requests import PIZZA, PIZZA_TOTAL, new_id
from tests.e2e.support.users import sign_up, user_id_of
from verify.customer import Customer
from verify.polling import eventually

ORDERS = 200
CONCURRENCY = 8
PAID_AT_STOP = 10  # by then, the other orders are at every stage
LEASE_SECONDS = 300  # the length of an execution's lease (order.asl.json)
SETTLE_SECONDS = 240  # a received message comes back after 60 s, and the sweep runs every 60 s

pytestmark = pytest.mark.timeout(600)


@dataclass
class Restart:
    """A local run that was stopped and started again, and the observations around it."""

    run: LocalRun
    account: AdministratorAccess
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
        """The customer's user id."""
        return user_id_of(self.customer)


@pytest.fixture(scope="module")
def restart(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Restart]:
    """A run that got SIGTERM while orders came in, and has finished them after a new start."""
    run = LocalRun(tmp_path_factory.mktemp("restart"))
    with ExitStack() as cleanup:
        before = run.up(port=free_port(), keep=True)
        cleanup.callback(lambda: run.down(drop=True))
        user = sign_up(before)
        customers = [cleanup.enter_context(sign_in(before, **user)) for _ in range(CONCURRENCY)]
        accepted = place_and_stop(run, AdministratorAccess(before), customers)

        deployments: list[object] = []
        restarted_at = time.time()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(local_run, "deploy", lambda *arguments: deployments.append(arguments))
            outputs = run.up()
        account = AdministratorAccess(outputs)
        customer = cleanup.enter_context(sign_in(outputs, **user))
        at_stop = statuses(account, user_id_of(customer))
        found = Restart(run, account, customer, outputs, before, at_stop, len(deployments), accepted)
        pretend_the_leases_are_over(found, restarted_at=restarted_at)
        eventually(lambda: open_orders(found), lambda left: not left, within_seconds=SETTLE_SECONDS)
        found.rows = account.rows("orders", found.user_id)
        yield found


def place_and_stop(run: LocalRun, account: AdministratorAccess, customers: list[Customer]) -> set[str]:
    """Place orders, and stop the server while it works on them. Return the accepted ids.

    Half of the orders wait on the queue. The others are placed while the server works and stops.
    """
    accepted: set[str] = set()
    user_id = user_id_of(customers[0])

    def place(number: int) -> None:
        id_ = new_id()
        try:
            customers[number % CONCURRENCY].post_order(id=id_, **PIZZA)
        except Exception:  # the server has stopped; the rows will show if it accepted the order
            return
        accepted.add(id_)

    with ThreadPoolExecutor(CONCURRENCY) as threads:
        with account.hints_held():
            list(threads.map(place, range(ORDERS // 2)))
        placing = [threads.submit(place, number) for number in range(ORDERS // 2, ORDERS)]
        eventually(lambda: statuses(account, user_id)["PAID"], lambda paid: paid >= PAID_AT_STOP, within_seconds=30)
        stop_in_the_middle(run)
        for order in placing:
            order.result()
    return accepted


def statuses(account: AdministratorAccess, user_id: str) -> Counter[str]:
    """Count the orders by status."""
    return Counter(row["status"]["S"] for row in account.rows("orders", user_id))


def stop_in_the_middle(run: LocalRun) -> None:
    """Send SIGTERM, as a machine does that shuts down, and wait for the end."""
    pid = json.loads((run.directory / "run.json").read_text(encoding="utf-8"))["pid"]
    os.kill(pid, signal.SIGTERM)
    eventually(lambda: is_server_of_run(pid, run.directory), lambda running: not running, within_seconds=30)


def pretend_the_leases_are_over(restart: Restart, *, restarted_at: float) -> None:
    """Let the sweep take up the orders of dead executions before their leases end."""
    client = restart.account.client("dynamodb")
    for row in restart.account.rows("orders", restart.user_id):
        with suppress(client.exceptions.ConditionalCheckFailedException):
            client.update_item(
                TableName=restart.outputs["orders_table"],
                Key={name: row[name] for name in ("user_id", "id")},
                UpdateExpression="SET due_at = :past",
                ConditionExpression="#status = :paying AND due_at < :first_of_the_new",
                ExpressionAttributeNames={"#status": "status"},
                ExpressionAttributeValues={
                    ":past": {"N": "1"},
                    ":paying": {"S": "PAYING"},
                    ":first_of_the_new": {"N": str(int((restarted_at + LEASE_SECONDS) * 1000))},
                },
            )


def open_orders(restart: Restart) -> list[str]:
    """List the ids of the orders that aren't final."""
    return [
        row["id"]["S"]
        for row in restart.account.rows("orders", restart.user_id)
        if row["status"]["S"] in ("PENDING", "PAYING")
    ]


def test_it_was_stopped_in_the_middle(restart: Restart) -> None:
    assert len(restart.accepted) < ORDERS
    assert restart.statuses_at_stop["PAID"] > 0
    assert restart.statuses_at_stop["PENDING"] + restart.statuses_at_stop["PAYING"] > ORDERS // 4


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
    assert restart.account.hints_left(within_seconds=90) == 0
    assert restart.account.waiting("dead_letter_queue_url") == 0


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
    kept = saved_state.was_kept(restart.run.directory)
    outputs = restart.run.up()

    assert kept
    assert outputs == restart.before
    assert len(restart.account.rows("orders", restart.user_id)) == len(restart.rows)
