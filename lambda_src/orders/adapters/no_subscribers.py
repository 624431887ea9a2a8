"""The port Subscribers for an environment without live updates: customers poll their orders."""

from orders.domain.order import Order


class NoSubscribers:
    """Subscribers that get no notification."""

    def notify(self, order: Order) -> None:
        """Return at once."""
