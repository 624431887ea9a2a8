"""The story of `make verify` with lost events, and with an order that doesn't get PAID."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import pytest

from environments.user_error import UserError
from verify import watched_order
from verify.watched_order import WatchedOrder, order_and_watch

DISH = {"name": "Tea", "restaurantId": "a", "unitPrice": 300, "currency": "EUR"}


class Shop:
    """A customer whose orders end at once, and their subscribers. Some orders cause no events."""

    def __init__(self, *, ends: str = "PAID", unheard: int = 0, refuses: str | None = None) -> None:
        self.placed: list[dict[str, Any]] = []
        self._ends, self._unheard, self._refuses = ends, unheard, refuses
        self._watching: list[asyncio.Queue[dict[str, Any]]] = []

    def post_order(self, **content: object) -> dict[str, Any]:
        order = {**content, "id": f"{len(self.placed)}", "status": "PENDING", "changeableUntil": None}
        self.placed.append(order)
        if len(self.placed) > self._unheard:
            for queue in self._watching:
                for status in ("PAYING", self._ends):
                    queue.put_nowait({"id": order["id"], "status": status})
        return order

    def order(self, id_: str) -> dict[str, Any]:
        reason = None if self._ends == "PAID" else "CARD_DECLINED"
        return {**self.placed[int(id_)], "status": self._ends, "failureReason": reason}

    @asynccontextmanager
    async def subscribed(
        self, _: Mapping[str, Any], __: "Shop", *, document: str | None = None
    ) -> AsyncIterator[asyncio.Queue[dict[str, Any]]]:
        if document and self._refuses:
            raise RuntimeError(self._refuses)
        self._watching.append(asyncio.Queue())
        yield self._watching[-1]


def watched(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> WatchedOrder:
    monkeypatch.setattr(watched_order, "subscription", shop.subscribed)
    monkeypatch.setattr(watched_order, "LISTEN_SECONDS", 0.05)
    customer: Any = shop
    return asyncio.run(order_and_watch({}, customer, DISH))


def test_an_order_that_is_heard_of_is_the_only_one(monkeypatch: pytest.MonkeyPatch) -> None:
    shop = Shop()

    found = watched(shop, monkeypatch)

    assert (found.heard, found.heard_without_id, found.needed_second_order) == (
        ["PAYING", "PAID"],
        ["PAYING", "PAID"],
        False,
    )
    content = {"name": "Tea", "restaurantId": "a", "quantity": 1, "expectedUnitPrice": 300, "expectedCurrency": "EUR"}
    assert [{key: order[key] for key in content} for order in shop.placed] == [content]


def test_after_an_order_that_nobody_heard_of_another_one_shows_that_watching_works(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shop = Shop(unheard=1)

    found = watched(shop, monkeypatch)

    assert (found.order["id"], found.heard, found.needed_second_order) == ("0", [], True)
    assert len(shop.placed) == 2


def test_watching_that_never_works_ends_the_story(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UserError, match="two orders got PAID, and whoever watched them heard of neither"):
        watched(Shop(unheard=2), monkeypatch)


def test_an_order_that_is_not_paid_ends_the_story_with_its_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UserError, match=r"^the order is FAILED \(CARD_DECLINED\) after 0 s, expected PAID$"):
        watched(Shop(ends="FAILED"), monkeypatch)


def test_a_subscription_without_its_variable_may_be_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    found = watched(Shop(refuses="no"), monkeypatch)

    assert (found.heard, found.heard_without_id) == (["PAYING", "PAID"], None)
