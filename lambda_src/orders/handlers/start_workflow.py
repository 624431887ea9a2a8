"""The function start_workflow: starts a workflow for each placed order on the queue."""

from typing import Any

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from orders import bootstrap
from orders.domain.hint import InvalidHint, parse_hint
from orders.log_lines import function_logger
from orders.use_cases.start_workflow import start_workflow

bootstrap.build_during_init(bootstrap.start_workflow)
logger = function_logger()
processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    """Start a workflow for each record; only the records that failed come again."""
    return process_partial_response(event, _start, processor, context)


def _start(record: SQSRecord) -> None:
    with logger.append_context_keys(message_id=record.message_id, hint_trace_id=_trace_of(record)):
        try:
            key = start_workflow(record.body, workflows=bootstrap.start_workflow().workflows)
        except InvalidHint as poison:
            logger.error(f"poison message: {poison}")
            raise
        except Exception:
            key = parse_hint(record.body)
            logger.exception("could not start a workflow", order_id=key.order_id, user_id=key.user_id)
            raise
        logger.info("workflow started", order_id=key.order_id, user_id=key.user_id)


def _trace_of(record: SQSRecord) -> str | None:
    """Return the trace in which the hint was sent: of the API's call, or of the sweep's run."""
    header = str(record.raw_event.get("attributes", {}).get("AWSTraceHeader", ""))
    return next((part.removeprefix("Root=") for part in header.split(";") if part.startswith("Root=")), None)
