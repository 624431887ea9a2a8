"""Amounts of money in a currency's minor units."""

from dataclasses import dataclass

# ISO 4217, where the exponent isn't 2.
_EXPONENTS = {
    **dict.fromkeys(("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG"), 0),
    **dict.fromkeys(("RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF"), 0),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
    **dict.fromkeys(("CLF", "UYW"), 4),
}


@dataclass(frozen=True)
class Money:
    """An amount in minor units, for example cents."""

    minor_units: int
    currency: str

    def __str__(self) -> str:
        """For people: `12.50 EUR`, `1250 JPY`."""
        exponent = _EXPONENTS.get(self.currency, 2)
        if exponent == 0:
            return f"{self.minor_units} {self.currency}"
        whole, fraction = divmod(abs(self.minor_units), 10**exponent)
        sign = "-" if self.minor_units < 0 else ""
        return f"{sign}{whole}.{fraction:0{exponent}d} {self.currency}"
