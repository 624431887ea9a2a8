"""Sample rows of the tables for the tests of resolvers."""

from typing import Any

ID = "01KAS0000000000000000000ZZ"
INPUT = {"name": "Margherita", "quantity": 2, "restaurantId": "trattoria-roma"}
STORED_INPUT = {**INPUT, "paymentMethod": "pm_card_visa"}
DISH = {
    "restaurant_id": "trattoria-roma",
    "name": "Margherita",
    "unit_price": 950,
    "currency": "EUR",
    "available": True,
}


def row(**changes: Any) -> dict[str, Any]:
    """Return a PENDING row of the orders table with a change window of 300 s, with changes."""
    pending = {
        "user_id": "alice",
        "id": ID,
        "name": "Margherita",
        "quantity": 2,
        "restaurant_id": "trattoria-roma",
        "payment_method": "pm_card_visa",
        "unit_price": 950,
        "total": 1900,
        "currency": "EUR",
        "status": "PENDING",
        "created_at": "2026-01-01T00:00:00.000Z",
        "updated_at": "2026-01-01T00:00:00.000Z",
        "changeable_until": "2026-01-01T00:05:00.000Z",
        "version": 1,
        "input": STORED_INPUT,
        "open_shard": 7,
        "due_at": 1767225930000,
    }
    return pending | changes
