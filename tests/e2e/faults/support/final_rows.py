"""The orders' rows at the end of a test, as events for its history."""

from collections.abc import Iterator

from tests.e2e.faults.support.history import Event, now
from tests.e2e.support.administrator_access import AdministratorAccess


def final_rows(account: AdministratorAccess, user: str) -> Iterator[Event]:
    """Read a customer's rows as they are now."""
    asked = now()
    for row in account.rows("orders", user):
        yield Event(
            kind="ended",
            user=user,
            id=row["id"]["S"],
            asked=asked,
            answered=now(),
            status=row["status"]["S"],
            version=int(row["version"]["N"]),
            quantity=int(row["quantity"]["N"]),
            unit_price=int(row["unit_price"]["N"]),
            total=int(row["total"]["N"]),
        )
