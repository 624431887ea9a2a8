"""Calls to the API for several customers, each written to a history."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from tests.e2e.faults.support.history import Event, History, now
from tests.e2e.faults.support.order_model import DONE
from tests.e2e.support.order_requests import CANCEL, DELETE
from tests.e2e.support.users import user_id_of
from verify.customer import ORDER_FIELDS, Customer, GraphqlError

POST = f"mutation Post($input: OrderInput!) {{ postOrder(input: $input) {{ userId {ORDER_FIELDS} }} }}"
UPDATE = f"mutation Update($input: UpdateOrderInput!) {{ updateOrder(input: $input) {{ userId {ORDER_FIELDS} }} }}"
ORDER = f"query Order($id: String!) {{ order(id: $id) {{ userId {ORDER_FIELDS} }} }}"
PAGE = f"query Page($after: String) {{ orders(first: 7, after: $after) {{ userId {ORDER_FIELDS} }} }}"
PAGE_SIZE = 7
DOCUMENTS = {"post": POST, "update": UPDATE, "cancel": CANCEL, "delete": DELETE}


@dataclass(frozen=True)
class Call:
    """A call to make, and the order that it is about. Only posts and updates have `content`."""

    action: str
    user: str
    id: str
    content: dict[str, Any]

    @property
    def key(self) -> tuple[str, str]:
        """The key of the order in the model."""
        return self.user, self.id


class RecordedApi:
    """Calls the API as one of several customers, who are named by their user ids."""

    def __init__(self, customers: Sequence[Customer], history: History) -> None:
        self.users = tuple(user_id_of(customer) for customer in customers)
        self._customers = dict(zip(self.users, customers, strict=True))
        self._history = history

    def call(self, call: Call) -> tuple[str, dict[str, Any] | None]:
        """Make a call; return `done` or the error's type, and the order if the answer has it."""
        variables = {"input": {**call.content, "id": call.id}} if call.action in ("post", "update") else {"id": call.id}
        asked = now()
        try:
            (shown,) = self._customers[call.user].execute(DOCUMENTS[call.action], **variables).values()
        except GraphqlError as error:
            answer, shown = str(error.type), None
        else:
            answer = DONE
        self._write("called", call.user, call.id, asked, answer=f"{call.action}: {answer}")
        if answer == DONE and call.action in ("post", "delete"):
            self._write({"post": "accepted", "delete": "deleted"}[call.action], call.user, call.id, asked, shown=shown)
        order = shown if isinstance(shown, dict) and "total" in shown else None
        if order:
            self._write("seen", call.user, call.id, asked, shown=order)
        return answer, order

    def call_at_once(self, calls: tuple[Call, Call]) -> list[str]:
        """Make two calls at the same time, and return their answers."""
        with ThreadPoolExecutor(2) as threads:
            return [answer for answer, _ in threads.map(self.call, calls)]

    def order(self, user: str, order_id: str) -> dict[str, Any] | None:
        """Read an order as this user, who need not be its owner."""
        asked = now()
        order = self._customers[user].execute(ORDER, id=order_id)["order"]
        if order:
            self._write("seen", user, order_id, asked, shown=order)
        return order if order is None else dict(order)

    def orders(self, user: str, *, after: str | None = None) -> list[dict[str, Any]]:
        """Read all orders of a customer, page by page."""
        asked = now()
        page = self._customers[user].execute(PAGE, after=after)["orders"]
        for order in page:
            self._write("seen", user, order["id"], asked, shown=order)
        return [*page, *(self.orders(user, after=page[-1]["id"]) if len(page) == PAGE_SIZE else [])]

    def _write(self, kind: str, user: str, order_id: str, asked: float, *, shown: Any = None, answer: str = "") -> None:
        seen = shown if isinstance(shown, dict) else {}
        self._history.write(
            Event(
                kind=kind,
                user=user,
                id=order_id,
                asked=asked,
                answered=now(),
                status=seen.get("status", ""),
                version=seen.get("version", 0),
                quantity=seen.get("quantity", 0),
                unit_price=seen.get("unitPrice", 0),
                total=seen.get("total", 0),
                answer=answer,
            )
        )
