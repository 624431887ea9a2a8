"""Announces one change of an order, and logs and counts what came of it."""

from collections.abc import Iterator
from contextlib import contextmanager

from aws_lambda_powertools import Logger
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.data_classes.dynamo_db_stream_event import DynamoDBRecord, StreamRecord

from orders import bootstrap
from orders.domain.order import Order, OrderKey
from orders.domain.order_outcome import Outcome, outcome_of
from orders.metrics import Value, count_events, write_values
from orders.use_cases.announce import announce

logger = Logger(child=True)

_METRICS = {
    Outcome.PAID: "OrdersPaid",
    Outcome.DECLINED: "OrdersDeclined",
    Outcome.FAILED: "OrdersFailed",
    Outcome.CANCELLED: "OrdersCancelled",
}


def key_of(change: StreamRecord) -> OrderKey:
    """Return the key of the order that changed."""
    keys = change.keys or {}
    return OrderKey(user_id=str(keys.get("user_id")), order_id=str(keys.get("id")))


def age_milliseconds(change: StreamRecord) -> int:
    """Return the age of the change, to the second: the stream's time has no fractions."""
    return bootstrap.now_milliseconds() - 1000 * (change.approximate_creation_date_time or 0)


def announce_change(change: StreamRecord, adapters: bootstrap.AnnounceAdapters) -> None:
    """Announce the change if it is news.

    Raises InvalidRow when the row can't be read, else what the subscribers or the topic raise.
    """
    order = announce(
        change.old_image, change.new_image, subscribers=adapters.subscribers, announcements=adapters.announcements
    )
    if order is not None:
        # With the order's key, which each line has, the version is the announcement's id.
        logger.info("announced", status=order.status, version=order.version)
        count_outcome(order)


def count_failure(what: str, change: StreamRecord) -> None:
    """Log and count the current exception at once: the invocation may be cut off."""
    logger.exception(what, sequence_number=change.sequence_number)
    count_events("AnnouncementsFailed")


@contextmanager
def counting_failure(what: str, change: StreamRecord) -> Iterator[None]:
    """Log and count an exception on its way out."""
    try:
        yield
    except Exception:
        count_failure(what, change)
        raise


@contextmanager
def logging_order(key: OrderKey) -> Iterator[None]:
    """Name the order in each line that this thread logs."""
    logger.thread_safe_append_keys(user_id=key.user_id, order_id=key.order_id)
    try:
        yield
    finally:
        logger.thread_safe_clear_keys()


def keep_unreadable(
    record: DynamoDBRecord, change: StreamRecord, error: Exception, adapters: bootstrap.AnnounceAdapters
) -> None:
    """Keep the change for a person.

    Otherwise the stream would try it for an hour, and other changes would wait behind it.
    """
    adapters.undelivered.keep(record.raw_event, why=type(error).__name__)
    count_failure("not announced but kept: the row can't be read", change)


def count_outcome(order: Order) -> None:
    """Count an order that ended.

    The stream may repeat a change, which is then counted twice: accounting uses the payments table.
    """
    outcome = outcome_of(order)
    if outcome is None:
        return
    write_values(
        Value(_METRICS[outcome.outcome], 1),
        Value("OrderDuration", outcome.duration_milliseconds, MetricUnit.Milliseconds),
    )
    if outcome.revenue is not None:
        # In the currency's minor units, for which CloudWatch has no unit.
        write_values(
            Value("Revenue", outcome.revenue.minor_units, MetricUnit.NoUnit), currency=outcome.revenue.currency
        )
