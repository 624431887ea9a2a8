"""A dish that only one test uses, so that the test may change it."""

from tests.e2e.support.administrator_access import AdministratorAccess

NAME = "Zuppa del giorno"


class DailySpecial:
    """Today's special of a restaurant, whose price and availability change."""

    def __init__(self, account: AdministratorAccess) -> None:
        self._table = account.outputs["menu_table"]
        self._menu = account.client("dynamodb")
        self._key = {"restaurant_id": {"S": "trattoria-roma"}, "name": {"S": NAME}}

    def put(self, *, cents: int = 800, currency: str = "EUR", available: bool = True) -> None:
        """Put the dish on the menu, or change it. `cents` are minor units of the currency."""
        values = {"unit_price": {"N": str(cents)}, "currency": {"S": currency}, "available": {"BOOL": available}}
        self._menu.put_item(TableName=self._table, Item={**self._key, **values})

    def remove(self) -> None:
        """Take the dish off the menu."""
        self._menu.delete_item(TableName=self._table, Key=self._key)
