"""The settings for each rate of orders. docs/scale.md shows them, and a test synthesizes them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Rate:
    """A rate of orders, the settings in environments.toml that carry it, and what is to be asked for or built first."""

    orders_a_second: int
    workflow_concurrency: int
    announce_parallelization: int
    others: dict[str, str | list[str]]
    before: str

    @property
    def settings(self) -> dict[str, str | int | list[str]]:
        """The settings by their names in environments.toml."""
        return {
            "workflow_concurrency": self.workflow_concurrency,
            "announce_parallelization": self.announce_parallelization,
            **self.others,
        }


_EXPRESS: dict[str, str | list[str]] = {"workflow_type": "EXPRESS"}
_FAILURES_BY_MAIL = _EXPRESS | {"email_statuses": ["FAILED"]}
_NO_MAIL = _FAILURES_BY_MAIL | {"email_subscribers": []}
RATES = [
    Rate(
        10,
        workflow_concurrency=10,
        announce_parallelization=2,
        others=_EXPRESS,
        before="Lambda: 1,000 concurrent executions, which a young account doesn't have",
    ),
    Rate(
        100,
        workflow_concurrency=10,
        announce_parallelization=2,
        others=_FAILURES_BY_MAIL,
        before="nothing; the next quota is Cognito's 120 sign-ins and refreshes a second",
    ),
    Rate(
        1000,
        workflow_concurrency=100,
        announce_parallelization=10,
        others=_NO_MAIL,
        before="AppSync: 10,000 request tokens. Cognito: 1,000 UserAuthentication, 100 UserCreation. Warm throughput:"
        " 4,000 writes a second for `orders`, 8,000 for its index",
    ),
    Rate(
        10_000,
        workflow_concurrency=1000,
        announce_parallelization=10,
        others=_NO_MAIL,
        before="each quota of the first table that ends at a lower rate, and the changes of the design below",
    ),
]
