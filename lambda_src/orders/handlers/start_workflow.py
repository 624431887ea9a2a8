"""Placed orders from the queue, each to a workflow of its own."""

from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from orders import bootstrap
from orders.domain.hint import InvalidHint
from orders.use_cases.start_workflow import start_workflow

bootstrap.ahead(bootstrap.start_workflow)
logger = Logger()
processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    """Start a workflow a record; the records that failed come again, and no others."""
    return process_partial_response(event, _start, processor, context)


def _start(record: SQSRecord) -> None:
    try:
        key = start_workflow(record.body, workflows=bootstrap.start_workflow().workflows)
    except InvalidHint as poison:
        logger.error(f"poison message: {poison}", message_id=record.message_id)
        raise
    except Exception:
        logger.exception("could not start a workflow", message_id=record.message_id, message_body=record.body)
        raise
    logger.info("workflow started", order_id=key.order_id, user_id=key.user_id)
