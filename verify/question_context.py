"""The means of asking, once the story has come to its end."""

from collections.abc import Mapping
from dataclasses import dataclass

from verify.customer import Customer
from verify.verified_environment import VerifiedEnvironment
from verify.watched_order import WatchedOrder


@dataclass(frozen=True, kw_only=True)
class QuestionContext:
    """A customer with an order that is PAID."""

    target: VerifiedEnvironment
    customer: Customer
    watched: WatchedOrder
    # When the verification began, in milliseconds since 1970.
    began_at: int
    # Whether nothing but public APIs is called; confirming the customer is done by then.
    is_public: bool
    log_seconds: float = 60

    @property
    def order(self) -> Mapping[str, object]:
        """The order, as it was placed."""
        return self.watched.order
