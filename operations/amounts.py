"""Amounts that rows hold, for people."""

from collections.abc import Mapping
from typing import Any

from environments.currencies import money


def amount_text(row: Mapping[str, Any], name: str) -> str:
    """The row's amount of that name in its currency; whatever else the row holds for them, as it is."""
    amount, currency = row[name], row["currency"]
    if isinstance(amount, int) and isinstance(currency, str):
        return money(amount, currency)
    return f"{amount} {currency}"
