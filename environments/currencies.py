"""Amounts in minor units, for people. `currencies.json` has ISO 4217's exponents; functions and page ship it too."""

import json
from collections.abc import Mapping
from pathlib import Path

# The number of decimals of each currency that doesn't have two.
EXPONENTS: Mapping[str, int] = json.loads(Path(__file__).with_name("currencies.json").read_text(encoding="utf-8"))


def money(minor_units: int, currency: str) -> str:
    """`12.50 EUR`, `1250 JPY`."""
    exponent = EXPONENTS.get(currency, 2)
    digits = f"{abs(minor_units):0{exponent + 1}d}"
    sign = "-" if minor_units < 0 else ""
    whole, fraction = (digits[:-exponent], f".{digits[-exponent:]}") if exponent else (digits, "")
    return f"{sign}{whole}{fraction} {currency}"
