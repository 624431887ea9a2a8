"""Amounts in minor units, for people. A test compares the currencies with those of the functions and the page."""

# ISO 4217, where the exponent isn't 2.
EXPONENTS = {
    **dict.fromkeys(("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG"), 0),
    **dict.fromkeys(("RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF"), 0),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
    **dict.fromkeys(("CLF", "UYW"), 4),
}


def money(minor_units: int, currency: str) -> str:
    """`12.50 EUR`, `1250 JPY`."""
    exponent = EXPONENTS.get(currency, 2)
    digits = f"{abs(minor_units):0{exponent + 1}d}"
    sign = "-" if minor_units < 0 else ""
    whole, fraction = (digits[:-exponent], f".{digits[-exponent:]}") if exponent else (digits, "")
    return f"{sign}{whole}{fraction} {currency}"
