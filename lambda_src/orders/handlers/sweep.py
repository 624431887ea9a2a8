"""The function sweep: each minute it moves on the orders that stayed open too long."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from orders import bootstrap
from orders.domain.order import OrderKey
from orders.log_lines import function_logger
from orders.metrics import count_events
from orders.use_cases.sweep import SweepPorts, SweepReport, sweep

bootstrap.build_during_init(bootstrap.sweep)
logger = function_logger()

# The time that one order needs: a gateway that doesn't answer and two writes, or an update and a
# hint.
_RESERVE_MILLISECONDS = 2 * bootstrap.AWS_CALL_SECONDS * 1000


class SweepIncomplete(Exception):
    """Some orders could not be swept. The log names them, and the next sweep tries them again."""


@logger.inject_lambda_context(clear_state=True)
def handler(_event: dict[str, Any], context: LambdaContext) -> dict[str, int]:
    """Sweep while the function has time; raises SweepIncomplete at the end if an order failed."""
    adapters = bootstrap.sweep()
    reserve = _RESERVE_MILLISECONDS + int(adapters.config.gateway_timeout_seconds * 1000)
    report = sweep(
        SweepPorts(
            adapters.orders, adapters.hints, adapters.payments, adapters.gateway, clock=bootstrap.now_milliseconds
        ),
        shards=adapters.config.open_orders_shards,
        max_hints=adapters.config.max_hints,
        late_after_seconds=adapters.config.late_after_seconds,
        has_time=lambda: context.get_remaining_time_in_millis() > reserve,
        on_given_up=_count_given_up,
    )
    _log(report)
    # Count a zero too: without data the alarm would keep its last state.
    count_events("OrdersLate", len(report.late))
    if report.taken_up:
        count_events("OrdersTakenUp", len(report.taken_up))
    if report.failures:
        raise SweepIncomplete(f"{len(report.failures)} could not be swept, the first: {report.failures[0].what}")
    return {"hinted": len(report.hinted), "given_up": len(report.given_up)}


def _count_given_up(key: OrderKey) -> None:
    """Log and count a given-up order at once.

    The order is final, so if this run is cut off, no later run would count it.
    """
    logger.warning("order given up and settled", order_id=key.order_id, user_id=key.user_id)
    count_events("OrdersGivenUp")


def _log(report: SweepReport) -> None:
    for hinted in report.hinted:
        logger.info("hint sent again", order_id=hinted.order_id, user_id=hinted.user_id)
    for failure in report.failures:
        key = failure.key
        logger.error(
            f"could not sweep {failure.what}: {failure.error}",
            order_id=key.order_id if key else None,
            user_id=key.user_id if key else None,
            exc_info=failure.error,
        )
    if report.ran_out_of_time:
        logger.warning("ran out of time, the next sweep goes on")
