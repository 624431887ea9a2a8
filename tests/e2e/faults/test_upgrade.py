"""This release is deployed over the previous one while customers order.

No order is lost, and none is charged twice.
"""

import re
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass

import pytest

from local import run as local_run
from local.run import LocalRun
from local.server_process import free_port
from local.sign_in import sign_in
from operations.on_call_policy import on_call_policy
from tests.e2e.faults.support.announcements import Announcements
from tests.e2e.faults.support.audit import Audit
from tests.e2e.faults.support.evidence import broken_at_rest, left_on_queues
from tests.e2e.faults.support.executions import Execution, executions
from tests.e2e.faults.support.invariants import Key
from tests.e2e.faults.support.one_order import OneOrder
from tests.e2e.faults.support.open_orders import OpenOrders
from tests.e2e.faults.support.previous_release import COMMIT, PreviousRelease, is_in_history
from tests.e2e.faults.support.steady_orders import SteadyOrders
from tests.e2e.faults.support.system_snapshot import Snapshot, snapshot_of, snapshot_when_charging
from tests.e2e.faults.support.upgrade_states import UpgradeStates, payments_of
from tests.e2e.support.administrator_access import AdministratorAccess, Row
from tests.e2e.support.mailbox import Mailbox
from tests.e2e.support.on_call import on_call
from tests.e2e.support.users import sign_up
from verify.customer import Customer
from verify.polling import eventually

CUSTOMERS = 4
OF_EACH_STATE = 3
CHANGE_WINDOW = "5"
BEFORE_SECONDS, AFTER_SECONDS = 10, 10
SETTLE_SECONDS = 240
THROTTLED = "Lambda.TooManyRequestsException"

pytestmark = pytest.mark.timeout(900)


@dataclass
class Upgrade:
    """States left behind, the system during the upgrade, and the output of `make ops` after it."""

    account: AdministratorAccess
    customers: Sequence[Customer]
    left: Mapping[str, list[OneOrder]]
    payments_before: list[Row]
    before: Snapshot
    charging: Snapshot
    steady: SteadyOrders
    told: Mapping[str, list[str]]

    @property
    def accepted(self) -> set[Key]:
        """All orders that the API accepted before, during and after the upgrade."""
        left = (order for orders in self.left.values() for order in orders)
        return self.steady.accepted | {Key(order.user_id, order.id) for order in left}

    def crossing(self) -> list[Execution]:
        """Executions that began under the previous release and called the new charge_payment."""
        moment = self.charging.milliseconds
        return [one for one in executions(self.account) if one.begun < moment < one.ended]


@pytest.fixture(scope="module")
def upgrade(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Upgrade]:
    """A run of its own with the previous release, and then this one deployed to it."""
    if not is_in_history():
        pytest.skip(f"the history here lacks {COMMIT[:7]}, the release before: `git fetch --unshallow` brings it")
    previous, run = PreviousRelease(tmp_path_factory.mktemp("previous")), LocalRun(tmp_path_factory.mktemp("upgrade"))
    with ExitStack() as cleanup:
        cleanup.callback(lambda: run.down(drop=True))
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(local_run, "synthesize", previous.synthesize)
            outputs = run.up(port=free_port(), change_window=CHANGE_WINDOW)
        customers = [cleanup.enter_context(sign_in(outputs, **sign_up(outputs))) for _ in range(CUSTOMERS)]
        found = deployed_over(run, AdministratorAccess(outputs), customers)
        open_orders = OpenOrders(found.account)
        eventually(open_orders.skip_waits, lambda count: count == 0, within_seconds=SETTLE_SECONDS, pause_seconds=5)
        yield found


def deployed_over(run: LocalRun, account: AdministratorAccess, customers: Sequence[Customer]) -> Upgrade:
    """Fill every state, deploy this checkout amid new orders, then act as the person on call."""
    leaving = UpgradeStates(account, lambda: [OneOrder(customers[0], account) for _ in range(OF_EACH_STATE)])
    left = {"dead": leaving.dead(), "undelivered": leaving.undelivered(Announcements(account))}
    leaving.stop_sweeping()
    left |= {"due": leaving.due(), "charged": leaving.charged()}
    payments = payments_of(left["charged"], account)
    leaving.stop_announcing()
    leaving.stop_charging()
    with SteadyOrders(customers) as steady, ThreadPoolExecutor(1) as watching:
        time.sleep(BEFORE_SECONDS)
        left["in flight"] = leaving.in_flight()
        before = snapshot_of(account)
        charging = watching.submit(snapshot_when_charging, account)
        run.up(change_window=CHANGE_WINDOW)
        time.sleep(AFTER_SECONDS)
    told = on_call_for(account, left["undelivered"][0])
    return Upgrade(account, customers, left, payments, before, charging.result(), steady, told)


def on_call_for(account: AdministratorAccess, order: OneOrder) -> dict[str, list[str]]:
    """Look at the orders that the previous release left, and end those that wait for a person."""
    with on_call(account, on_call_policy) as ops:
        return {
            "status": ops("status"),
            "story": ops("order", "show", order.id),
            "dead": ops("dead-letters", "list"),
            "redriven": ops("dead-letters", "redrive", "--all", "--yes"),
            "undelivered": ops("undelivered", "list"),
            "announced": ops("undelivered", "announce", "--all", "--yes"),
        }


def test_the_deployment_met_every_state(upgrade: Upgrade) -> None:
    before, charging = upgrade.before, upgrade.charging

    assert before.statuses["PENDING"] > 2 * OF_EACH_STATE
    assert before.statuses["PAYING"] > OF_EACH_STATE
    assert min(before.delayed_hints, before.received_hints) >= OF_EACH_STATE
    assert (before.is_charging, before.is_announcing, before.is_sweeping) == (False, False, False)
    assert charging.charging_code != before.charging_code
    assert charging.statuses["PAYING"] > OF_EACH_STATE
    assert charging.delayed_hints > 0
    now = snapshot_of(upgrade.account)
    assert (now.is_charging, now.is_announcing, now.is_sweeping) == (True, True, True)


def test_executions_of_the_release_before_go_on(upgrade: Upgrade) -> None:
    crossing = upgrade.crossing()

    settled = [one for one in crossing if "SettlePayment" in one.states]
    assert len(settled) > 0
    assert len(crossing) > len(settled), "none of them was charged"
    # An execution that ended just then may still have been throttled for the last time.
    assert {one.error for one in crossing} <= {"", THROTTLED}


def test_what_the_release_before_charged_is_not_charged_again(upgrade: Upgrade) -> None:
    orders = upgrade.left["charged"]

    assert len(upgrade.payments_before) == len(orders)
    assert payments_of(orders, upgrade.account) == upgrade.payments_before
    assert {order.status for order in orders} == {"PAID"}


def test_every_accepted_order_ends_as_promised_and_the_books_are_right(upgrade: Upgrade) -> None:
    mailbox = Mailbox(upgrade.account)

    broken = broken_at_rest(upgrade.accepted, upgrade.account, mailbox, within_seconds=SETTLE_SECONDS)

    audit = Audit(upgrade.account, mailbox)
    assert broken == {}
    assert [mistake for customer in upgrade.customers for mistake in audit.mistakes(customer)] == []


def test_the_person_on_call_reads_and_ends_what_the_release_before_left(upgrade: Upgrade) -> None:
    told = {name: "\n".join(lines) for name, lines in upgrade.told.items()}

    dead, undelivered = ({order.id for order in upgrade.left[name]} for name in ("dead", "undelivered"))
    assert re.search(rf"dead letters +{OF_EACH_STATE} ", told["status"])
    assert re.search(rf"undelivered +{OF_EACH_STATE} ", told["status"])
    assert "announced: PAYING, version 2" in told["story"]
    assert all(id_ in told["dead"] for id_ in dead)
    assert told["redriven"].endswith(f"Moved {OF_EACH_STATE} messages.")
    assert all(id_ in told["undelivered"] for id_ in undelivered)
    assert all(f"announced {id_} PAID" in told["announced"] for id_ in undelivered)


def test_no_message_is_left(upgrade: Upgrade) -> None:
    assert left_on_queues(upgrade.account, within_seconds=90) == {}
