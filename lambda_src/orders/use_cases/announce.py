"""Announce an order's news to subscribers and people."""

from orders.domain.announcement import announcement_of
from orders.domain.order import FINAL_STATUSES, Order
from orders.domain.row import Row, order_with_news
from orders.ports import Announcements, Subscribers


def announce(
    old: Row | None, new: Row | None, *, subscribers: Subscribers, announcements: Announcements
) -> Order | None:
    """Announce a change of a row if it is news; return the order, or None if there was no news."""
    order = order_with_news(old, new)
    if order is None:
        return None
    subscribers.notify(order)
    if order.status in FINAL_STATUSES:
        announcements.publish(announcement_of(order))
    return order
