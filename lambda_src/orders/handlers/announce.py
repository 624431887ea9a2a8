"""Announces changes of orders to subscribers and people: orders side by side, changes in order.

A change that can't be announced in time is delayed, and tried again each minute.
"""

from functools import partial
from itertools import islice
from typing import Any

from aws_lambda_powertools.utilities.batch import process_partial_response
from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes.dynamo_db_stream_event import DynamoDBRecord, StreamRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from orders import bootstrap
from orders.announcer import (
    age_milliseconds,
    announce_change,
    count_failure,
    counting_failure,
    keep_unreadable,
    key_of,
    logging_order,
)
from orders.domain.row import InvalidRow, placed_at_milliseconds
from orders.log_lines import function_logger
from orders.stream_batches import ParallelItemProcessor

bootstrap.build_during_init(bootstrap.announce)
logger = function_logger()

# The longest time that one change needs: a check if its order waits, its announcement, and delaying
# it; or announcing a delayed change, keeping it for a person, and removing it.
_RESERVE_MILLISECONDS = (bootstrap.ANNOUNCEMENT_SECONDS + 2 * bootstrap.AWS_CALL_SECONDS + 2) * 1000

# A failing change blocks its shard for so long. Then it waits in the table of delayed changes.
DELAY_AFTER_MILLISECONDS = 30_000
# An order younger than this has no delayed change yet, so the table isn't asked for one. The clocks
# of AWS's services differ by less than the ten seconds between the two values.
CHECK_DELAYED_AFTER_MILLISECONDS = 20_000

# A delayed change is tried again for so long, as Lambda tries a batch
# (`maximum_record_age_in_seconds`).
GIVE_UP_AFTER_MILLISECONDS = 3_600_000
# The most changes that one run has in memory, some 3 kB each.
_DELAYED_A_RUN = 5_000

processor = ParallelItemProcessor(
    workers=bootstrap.ANNOUNCEMENTS_AT_ONCE, reserve_milliseconds=_RESERVE_MILLISECONDS, remembers=1000
)
delayed_processor = ParallelItemProcessor(
    workers=bootstrap.ANNOUNCEMENTS_AT_ONCE, reserve_milliseconds=_RESERVE_MILLISECONDS
)


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    """Announce the news of a stream's batch or, for an event without one, the delayed changes.

    The answer names the changes that failed. A batch with `is_kept` comes from a person who
    announces changes that were kept: none of them is delayed again.
    """
    adapters = bootstrap.announce()
    if "Records" in event:
        announce_one = partial(_announce, adapters=adapters, delays=not event.get("is_kept"))
        return process_partial_response(event, announce_one, processor, context)
    try:
        delayed = list(islice(adapters.delayed.changes(), _DELAYED_A_RUN))
    except Exception:
        logger.exception("could not read what waits")
        raise
    if not delayed:
        return {"batchItemFailures": []}
    answer = process_partial_response(
        {"Records": delayed}, partial(_announce_delayed, adapters=adapters), delayed_processor, context
    )
    logger.info("tried again", changes=len(delayed), orders_that_still_wait=len(answer["batchItemFailures"]))
    return answer


def _announce(record: DynamoDBRecord, *, adapters: bootstrap.AnnounceAdapters, delays: bool) -> None:
    change = record.dynamodb
    if change is None:
        return
    with logging_order(key_of(change)):
        try:
            if delays and _waits_behind_another(change, adapters):
                _delay(record, change, adapters)
            else:
                announce_change(change, adapters)
        except InvalidRow as error:
            if not delays:
                count_failure("could not announce", change)
                raise
            with counting_failure("could neither announce nor keep", change):
                keep_unreadable(record, change, error, adapters)
        except Exception:
            count_failure("could not announce", change)
            if not delays or age_milliseconds(change) < DELAY_AFTER_MILLISECONDS:
                raise
            with counting_failure("could neither announce nor delay", change):
                _delay(record, change, adapters)


def _announce_delayed(record: DynamoDBRecord, *, adapters: bootstrap.AnnounceAdapters) -> None:
    change = record.dynamodb
    if change is None:
        return
    with logging_order(key_of(change)), counting_failure("could not announce", change):
        try:
            announce_change(change, adapters)
        except InvalidRow as error:
            keep_unreadable(record, change, error, adapters)
        except Exception as error:
            if age_milliseconds(change) < GIVE_UP_AFTER_MILLISECONDS:
                raise
            adapters.undelivered.keep(record.raw_event, why=type(error).__name__)
            count_failure("given up and kept", change)
        adapters.delayed.forget(key_of(change), record.raw_event)


def _delay(record: DynamoDBRecord, change: StreamRecord, adapters: bootstrap.AnnounceAdapters) -> None:
    """Delay the change: it is tried again each minute, and the shard moves on."""
    adapters.delayed.keep(key_of(change), record.raw_event)
    logger.warning("delayed: tried again each minute", sequence_number=change.sequence_number)


def _waits_behind_another(change: StreamRecord, adapters: bootstrap.AnnounceAdapters) -> bool:
    """Return True if an earlier change of the order is delayed: changes keep their order."""
    placed_at = placed_at_milliseconds(change.new_image or change.old_image)
    is_young = placed_at is not None and bootstrap.now_milliseconds() - placed_at < CHECK_DELAYED_AFTER_MILLISECONDS
    return not is_young and adapters.delayed.holds(key_of(change))
