"""Sample rows of the orders table."""

from typing import Any

from orders.domain.order import OrderKey

KEY = OrderKey(user_id="3f2a", order_id="01KE0000000000000000000001")
DUE_AT = 1_767_225_500_000


def order_row(key: OrderKey = KEY, **changes: Any) -> dict[str, Any]:
    """Return a PENDING order that is due, with changes; None removes an attribute."""
    row = {
        "user_id": key.user_id,
        "id": key.order_id,
        "name": "Margherita",
        "quantity": 2,
        "restaurant_id": "trattoria-roma",
        "payment_method": "pm_card_visa",
        "unit_price": 850,
        "total": 1700,
        "currency": "EUR",
        "status": "PENDING",
        "created_at": "2026-01-01T00:00:00.000Z",
        "updated_at": "2026-01-01T00:00:00.000Z",
        "changeable_until": "2026-01-01T00:00:00.000Z",
        "version": 1,
        "input": {"name": "Margherita", "quantity": 2},
        "open_shard": 1,
        "due_at": DUE_AT,
    }
    return {name: value for name, value in (row | changes).items() if value is not None}
