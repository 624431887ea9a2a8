"""Announces one change of an order, and logs and counts what came of it."""

from collections.abc import Iterator
from contextlib import contextmanager

from aws_lambda_powertools import Logger
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.data_classes.dynamo_db_stream_event import DynamoDBRecord, StreamRecord

from orders import bootstrap
from orders.domain.ending import Outcome, ending_of
from orders.domain.order import Order, OrderKey
from orders.metrics import Value, count, write
from orders.use_cases.announce import announce

logger = Logger(child=True)

_ENDED = {
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


def announce_change(change: StreamRecord, parts: bootstrap.Announce) -> None:
    """Announce the change if it is news.

    Raises InvalidRow when the row can't be read, else what the subscribers or the topic raise.
    """
    order = announce(
        change.old_image, change.new_image, subscribers=parts.subscribers, announcements=parts.announcements
    )
    if order is not None:
        # With the order's key, which each line has, the version is the announcement's id.
        logger.info("announced", status=order.status, version=order.version)
        count_ending(order)


def count_failure(what: str, change: StreamRecord) -> None:
    """Log and count the current exception at once: the invocation may be cut off."""
    logger.exception(what, sequence_number=change.sequence_number)
    count("AnnouncementsFailed")


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


def keep_unreadable(record: DynamoDBRecord, change: StreamRecord, error: Exception, parts: bootstrap.Announce) -> None:
    """Keep the change for a person.

    Otherwise the stream would try it for an hour, and other changes would wait behind it.
    """
    parts.undelivered.keep(record.raw_event, why=type(error).__name__)
    count_failure("not announced but kept: the row can't be read", change)


def count_ending(order: Order) -> None:
    """Count an order that ended.

    The stream may repeat a change, which is then counted twice: accounting uses the payments table.
    """
    ending = ending_of(order)
    if ending is None:
        return
    write(
        Value(_ENDED[ending.outcome], 1),
        Value("OrderDuration", ending.duration_milliseconds, MetricUnit.Milliseconds),
    )
    if ending.revenue is not None:
        # In the currency's minor units, for which CloudWatch has no unit.
        write(Value("Revenue", ending.revenue.minor_units, MetricUnit.NoUnit), currency=ending.revenue.currency)
