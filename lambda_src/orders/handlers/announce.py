"""Changes of orders from the table's stream, in order, to subscribers and people."""

from functools import partial
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.batch import process_partial_response
from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes.dynamo_db_stream_event import DynamoDBRecord, StreamRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from orders import bootstrap
from orders.domain.announcement import announcement_id
from orders.domain.ending import Outcome, ending_of
from orders.domain.order import Order
from orders.domain.row import InvalidRow
from orders.metrics import Value, count, write
from orders.stream_batches import StopAtFirstFailure
from orders.use_cases.announce import announce

bootstrap.ahead(bootstrap.announce)
logger = Logger()

# For the record in hand, however slow those are who hear of it.
_RESERVE_MILLISECONDS = (bootstrap.ANNOUNCEMENT_SECONDS + 2) * 1000

_ENDED = {
    Outcome.PAID: "OrdersPaid",
    Outcome.DECLINED: "OrdersDeclined",
    Outcome.FAILED: "OrdersFailed",
    Outcome.CANCELLED: "OrdersCancelled",
}

processor = StopAtFirstFailure(reserve_milliseconds=_RESERVE_MILLISECONDS)


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    """Announce news of orders; the answer names the record to resume from, if one failed.

    A change of a row that can't be read is kept, unless the event `is_kept`: a person's who announces what was kept.
    """
    announce_one = partial(_announce, keeps=not event.get("is_kept"))
    return process_partial_response(event, announce_one, processor, context)


def _announce(record: DynamoDBRecord, *, keeps: bool) -> None:
    change = record.dynamodb
    if change is None:
        return
    keys = change.keys or {}
    with logger.append_context_keys(user_id=keys.get("user_id"), order_id=keys.get("id")):
        try:
            _tell(record, change, bootstrap.announce(), keeps=keeps)
        except Exception:
            _measure("could not announce", change)
            raise


def _tell(record: DynamoDBRecord, change: StreamRecord, parts: bootstrap.Announce, *, keeps: bool) -> None:
    try:
        order = announce(
            change.old_image,
            change.new_image,
            subscribers=parts.subscribers,
            announcements=parts.announcements,
        )
    except InvalidRow as error:
        if not keeps:
            raise
        # The stream would try it again for an hour, and everybody else's announcements would wait behind it.
        parts.undelivered.keep(record.raw_event, why=type(error).__name__)
        _measure("not announced but kept: the row can't be read", change)
        return
    if order is not None:
        logger.info(
            "announced",
            user_id=order.key.user_id,
            order_id=order.key.order_id,
            status=order.status,
            version=order.version,
            announcement_id=announcement_id(order),
        )
        _measure_ending(order)


def _measure_ending(order: Order) -> None:
    """Count an order that ended. The stream may repeat itself, and then so do counts: accounting goes by `payments`."""
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


def _measure(what: str, change: StreamRecord) -> None:
    """Say so at once: the invocation may be cut off."""
    logger.exception(what, sequence_number=change.sequence_number)
    count("AnnouncementsFailed")
