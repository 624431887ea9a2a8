"""The usage of a local run, as its server reports it."""

import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple
from urllib.request import Request

from deployment.loopback_without_proxy import open_url
from environments.user_error import UserError
from local.engineer.token import TOKEN_HEADER, read_token

ANSWER_SECONDS = 10


class BilledItem(NamedTuple):
    """Something that a service bills, such as `lambda`, `requests`, the name of a function."""

    service: str
    what: str
    resource: str


class UsageCounts(Counter[BilledItem]):
    """Quantities by usage; all that isn't there is 0."""

    def total(self, service: str = "", what: str = "", *, of: str = "") -> float:  # type: ignore[override]  # narrower
        """Return how much was used of a service's usage, of resources whose names have `of` in them."""
        return sum(
            quantity
            for one, quantity in self.items()
            if (one.service, one.what) == (service, what) and of in one.resource
        )

    def since(self, before: "UsageCounts") -> "UsageCounts":
        """Return what came on top of what was used before."""
        return UsageCounts({usage: left for usage, quantity in self.items() if (left := quantity - before[usage])})

    def counts(self) -> dict[BilledItem, float]:
        """Return what is the same for each order: neither times nor sizes, nor what is only kept."""
        varies = ("bytes", "processor", "metric")
        return {usage: quantity for usage, quantity in self.items() if not usage.what.startswith(varies)}

    def resources(self, service: str, what: str) -> list[str]:
        """Return whose usage there is, in a fixed order."""
        return sorted(one.resource for one in self if (one.service, one.what) == (service, what))


class UsageMeter:
    """Reads the bill of a run that is up."""

    def __init__(self, directory: Path, outputs: Mapping[str, Any]) -> None:
        self._url = f"{outputs['aws_endpoint_url']}/_local/bill"
        self._headers = {TOKEN_HEADER: read_token(directory)}

    def read(self) -> UsageCounts:
        """Return all that was used since the run's start; UserError when it doesn't tell."""
        try:
            with open_url(Request(self._url, headers=self._headers), timeout=ANSWER_SECONDS) as answer:  # noqa: S310
                lines = json.load(answer)["used"]
        except (OSError, ValueError) as error:
            raise UserError(f"the local run doesn't tell what it used: {error}; start it with `make up`") from error
        return UsageCounts(
            {BilledItem(line["service"], line["what"], line["resource"]): line["quantity"] for line in lines}
        )
