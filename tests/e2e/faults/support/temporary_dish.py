"""A dish for one test only, so that its removal disturbs no other."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from tests.e2e.support.administrator_access import AdministratorAccess

RESTAURANT = "trattoria-roma"


@dataclass(frozen=True)
class Dish:
    """One row of the menu."""

    account: AdministratorAccess
    name: str

    @property
    def order(self) -> dict[str, Any]:
        """The input for an order of two of the dish."""
        return {"name": self.name, "quantity": 2, "restaurantId": RESTAURANT}

    def offer(self, unit_price: int, *, currency: str = "EUR", available: bool = True) -> None:
        """Put the dish on the menu at a price."""
        item = {"unit_price": {"N": str(unit_price)}, "currency": {"S": currency}, "available": {"BOOL": available}}
        self.account.client("dynamodb").put_item(
            TableName=self.account.outputs["menu_table"], Item={**self._key, **item}
        )

    def remove(self) -> None:
        """Take the dish off the menu."""
        self.account.client("dynamodb").delete_item(TableName=self.account.outputs["menu_table"], Key=self._key)

    @property
    def _key(self) -> dict[str, dict[str, str]]:
        return {"restaurant_id": {"S": RESTAURANT}, "name": {"S": self.name}}


@contextmanager
def dish_on_the_menu(account: AdministratorAccess, *, unit_price: int) -> Iterator[Dish]:
    """Yield a new dish, and remove it afterwards."""
    dish = Dish(account, f"Dish {uuid.uuid4().hex}")
    dish.offer(unit_price)
    try:
        yield dish
    finally:
        dish.remove()
