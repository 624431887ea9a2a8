"""A schedule calls a function asynchronously.

AWS: EventBridge and its Scheduler hand the event to Lambda's queue; a call that fails is run again as the function's
event invoke configuration says, twice more by default (Lambda Developer Guide, "Invoke a Lambda function on a
schedule", "How Lambda handles errors and retries with asynchronous invocation").
MiniStack: runs the function once, whatever is configured.
"""

import json
import logging

from ministack.services import eventbridge, lambda_svc

from emulator.ministack.repairs.patching import RepairContext, replace

_log = logging.getLogger(__name__)


def apply(_context: RepairContext) -> None:
    """Call functions in the way of MiniStack's invocations of the type Event."""
    replace(eventbridge, "_dispatch_to_lambda", lambda _original: _call)


def _call(arn: str, payload: str) -> None:
    function, config, name = lambda_svc._get_func_record_for_ref(arn)
    if not function or not config:
        _log.warning("the function %s is not there", name)
        return
    record = lambda_svc._execution_record_for_config(function, config)
    lambda_svc.invoke_async_with_retry(record, json.loads(payload))
