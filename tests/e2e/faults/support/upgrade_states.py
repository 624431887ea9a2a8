"""Orders in every state that can exist when the next release is deployed, a few of each."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from tests.e2e.faults.support.announcements import Announcements
from tests.e2e.faults.support.one_order import LONG_AGO, OneOrder
from tests.e2e.faults.support.sweeper import SETTABLE
from tests.e2e.faults.support.system_snapshot import count_hints, mapping_of_announce, schedules_of_sweep
from tests.e2e.support.administrator_access import AdministratorAccess, Row
from tests.e2e.support.order_requests import PIZZA_TOTAL
from verify.polling import eventually

START = {"action": "states:StartExecution", "role": "orders-local-start-workflow"}
PUBLISH = {"action": "sns:Publish", "role": "orders-local-announce"}
WITHIN_SECONDS = 60


@dataclass(frozen=True)
class UpgradeStates:
    """Brings orders into these states. Only the next deployment restarts what it stops."""

    account: AdministratorAccess
    new_orders: Callable[[], list[OneOrder]]

    def dead(self) -> list[OneOrder]:
        """Place orders whose hints end in the dead-letter queue."""
        with self.account.redelivery_after(1), self.account.without(**START):
            orders = self._placed()
            self._wait_for(lambda: self.account.waiting("dead_letter_queue_url") >= len(orders))
        return orders

    def undelivered(self, announcements: Announcements) -> list[OneOrder]:
        """Place orders whose announcements are given up, and stored in the bucket."""
        with announcements.given_up_after(retries=1), self.account.without(**PUBLISH):
            orders = self._placed()
            self._wait_for(lambda: all(announcements.given_up(order) for order in orders))
        return orders

    def due(self) -> list[OneOrder]:
        """Place orders whose hints get lost, so that the sweep has to take them up."""
        lost: list[dict[str, Any]] = []

        def are_lost() -> bool:
            lost.extend(self.account.messages("queue_url", remove=True))
            return len(lost) >= len(orders)

        with self.account.hints_held():
            orders = self._placed()
            self._wait_for(are_lost)
        for order in orders:
            order.make_due()
        return orders

    def charged(self) -> list[OneOrder]:
        """Leave orders as an execution does that dies after the charge and before MarkPaid."""
        orders = self.due()
        for order in orders:
            order.change(
                "SET #status = :paying, #version = #version + :one, due_at = :due_at, lease_owner = :nobody",
                {
                    ":paying": {"S": "PAYING"},
                    ":one": {"N": "1"},
                    ":due_at": {"N": str(LONG_AGO)},
                    ":nobody": {"S": "nobody"},
                },
                names={"#status": "status", "#version": "version"},
            )
            key = {"user_id": order.user_id, "id": order.id, "action": "charge", "attempt": 0}
            # As the workflow of `previous_release.COMMIT` calls it.
            call = {**key, "amount": PIZZA_TOTAL, "currency": "EUR", "payment_method": "pm_card_visa"}
            assert self.account.invoking("charge_payment", call).result()["result"] == "approved"
        return orders

    def in_flight(self) -> list[OneOrder]:
        """Place orders whose hints were received without success and will become visible again."""
        with self.account.without(**START):
            orders = self._placed()
            self._wait_for(lambda: count_hints(self.account, "NotVisible") >= len(orders))
        return orders

    def stop_sweeping(self) -> None:
        """Disable the sweep's schedule."""
        scheduler, (found,) = self.account.client("scheduler"), schedules_of_sweep(self.account)
        schedule = scheduler.get_schedule(Name=found["Name"], GroupName=found["GroupName"])
        scheduler.update_schedule(**{name: schedule[name] for name in SETTABLE}, State="DISABLED")

    def stop_announcing(self) -> None:
        """Disable the mapping of `announce`, so that changes wait on the stream."""
        mapping = mapping_of_announce(self.account)
        self.account.client("lambda").update_event_source_mapping(UUID=mapping["UUID"], Enabled=False)

    def stop_charging(self) -> None:
        """Throttle charge_payment, so that executions wait in their retries."""
        name = self.account.outputs["functions"]["charge_payment"]
        self.account.client("lambda").put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=0)

    def _placed(self) -> list[OneOrder]:
        return [order.place() for order in self.new_orders()]

    def _wait_for(self, is_there: Callable[[], bool]) -> None:
        assert eventually(is_there, bool, within_seconds=WITHIN_SECONDS), "the release before doesn't get to this state"


def payments_of(orders: Collection[OneOrder], account: AdministratorAccess) -> list[Row]:
    """Read the rows of the orders' payments."""
    ids = {order.id for order in orders}
    rows = [row for user_id in {order.user_id for order in orders} for row in account.rows("payments", user_id)]
    return [row for row in rows if row["order_id"]["S"] in ids]
