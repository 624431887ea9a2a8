"""List prices, from the one file that has them."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

FILE = Path(__file__).with_name("prices.toml")


@dataclass(frozen=True, kw_only=True)
class Price:
    """The price of so many units of something."""

    service: str
    unit: str
    usd: float
    per: int
    page: str
    read: str

    def of(self, quantity: float) -> float:
        """Return what a quantity costs, in USD."""
        return quantity * self.usd / self.per


@dataclass(frozen=True)
class Prices:
    """The prices of one region on one day, by their names in the file."""

    as_of: str
    region: str
    by_name: dict[str, Price]

    def __getitem__(self, name: str) -> Price:
        """Return a price."""
        return self.by_name[name]


def read_prices(file: Path = FILE) -> Prices:
    """Read the file of prices."""
    document = tomllib.loads(file.read_text(encoding="utf-8"))
    as_of, region = document.pop("as_of"), document.pop("region")
    return Prices(as_of, region, {name: Price(**table) for name, table in document.items()})
