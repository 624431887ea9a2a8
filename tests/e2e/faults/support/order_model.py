"""A simple model of what customers may expect of their orders.

Workflows move orders on in the background. So the model knows the statuses that an order may
have, not the one that it has.
"""

from dataclasses import dataclass, field
from typing import Any

Content = dict[str, Any]
Key = tuple[str, str]
DONE, CONFLICT, MISSING, REFUSED = "done", "OrderConflict", "OrderNotFound", "OrderNotChangeable"
NEEDS = {"update": {"PENDING"}, "cancel": {"PENDING"}, "delete": {"PENDING", "FAILED", "CANCELLED"}}
PATH = ("PENDING", "PAYING")
PRICES = {"Margherita": 950, "Tiramisù": 580}


@dataclass
class Order:
    """An order's content, first and now; its possible statuses; the number of changes to it."""

    posted: Content
    content: Content
    ends: frozenset[str]
    may_be: set[str]
    changes: int = 0

    def seen(self, status: str) -> None:
        """Note a status that was seen: from there the order only moves forward."""
        self.may_be &= {*PATH[PATH.index(status) :], *self.ends} if status in PATH else {status}


@dataclass
class Model:
    """All orders by user and id, and the allowed answers to a post with a deleted order's id."""

    orders: dict[Key, Order] = field(default_factory=dict)
    deleted: dict[Key, set[str]] = field(default_factory=dict)

    def answers(self, action: str, key: Key, content: Content) -> set[str]:
        """Return the answers that the system may give to a call."""
        order = self.orders.get(key)
        if action == "post":
            known = {DONE if order and order.posted == content else CONFLICT}
            return known if order else self.deleted.get(key, {DONE})
        return {DONE if status in NEEDS[action] else REFUSED for status in order.may_be} if order else {MISSING}

    def said(self, action: str, key: Key, answer: str, content: Content, ends: frozenset[str]) -> None:
        """Take note of an answer. An order that the call posted would end in one of `ends`."""
        order = self.orders.get(key)
        if order is None:
            if action == "post" and answer == DONE:
                self.orders[key] = Order(content, content, ends, {*PATH, *ends})
        elif action != "post" and answer == REFUSED:
            order.may_be -= NEEDS[action]
        elif action == "update" and answer == DONE:
            order.content, order.changes = content, order.changes + 1
            order.seen("PENDING")
        elif action == "cancel" and answer == DONE:
            order.may_be, order.changes = {"CANCELLED"}, order.changes + 1
        elif action == "delete" and answer == DONE:
            gone = self.orders.pop(key).may_be & NEEDS["delete"]
            self.deleted[key] = {CONFLICT if status == "FAILED" else DONE for status in gone}

    def fits(self, key: Key, shown: dict[str, Any] | None) -> bool:
        """Return True if the owner may see the order in this state."""
        order = self.orders.get(key)
        if order is None or shown is None:
            return order is None and shown is None
        content = {name: order.content[name] for name in ("name", "quantity", "restaurantId")}
        steps = {"PENDING": 0, "CANCELLED": 0, "PAYING": 1}.get(shown["status"], 2)
        more = shown["version"] - (1 + order.changes + steps)
        return (
            shown["status"] in order.may_be
            and {name: shown[name] for name in content} == content
            and (shown["userId"], shown["id"]) == key
            and shown["total"] == content["quantity"] * PRICES[content["name"]]
            # Each takeover of a lease adds one to the version.
            and (more == 0 or (more > 0 and steps > 0))
        )
