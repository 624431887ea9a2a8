"""Amounts of money in a currency's minor units."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

# ISO 4217: the number of decimals of each currency that doesn't have two.
_EXPONENTS: Mapping[str, int] = json.loads(Path(__file__).with_name("currencies.json").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Money:
    """An amount in minor units, for example cents."""

    minor_units: int
    currency: str

    def __str__(self) -> str:
        """Return the amount for people: `12.50 EUR`, `1250 JPY`."""
        exponent = _EXPONENTS.get(self.currency, 2)
        if exponent == 0:
            return f"{self.minor_units} {self.currency}"
        whole, fraction = divmod(abs(self.minor_units), 10**exponent)
        sign = "-" if self.minor_units < 0 else ""
        return f"{sign}{whole}.{fraction:0{exponent}d} {self.currency}"
