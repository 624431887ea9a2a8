"""Pauses the emulator's background work while its state is saved or restored.

Background work passes the gate before and after each step with an outside effect: an invocation, a
task's call, a poll of a queue or a stream. While the gate is closed, a thread waits there, and it
ends there with the server. An invocation's result that nobody has read is lost, as in a power cut:
a message stays in flight until its visibility timeout ends, and a stream's reader keeps its
position. A failure that is caused by the stop doesn't count.
"""

from ministack.services import eventbridge, lambda_svc, stepfunctions

from emulator.ministack.repairs.lambda_.stream_mappings import Reader
from emulator.ministack.repairs.patching import replace
from emulator.ministack.state.pause_gate import PauseGate

# When the gate closes, a thread between two passages reaches the next one within this time.
SETTLE_SECONDS = 0.2
gate = PauseGate()


def apply() -> None:
    """Put the gate around functions that are already repaired."""
    replace(lambda_svc, "_poll_sqs", gate.around)
    replace(lambda_svc, "_execute_function", gate.around)
    replace(Reader, "_read_once", gate.around)
    replace(stepfunctions, "_run_execution", gate.around)
    replace(stepfunctions, "_invoke_resource", gate.around)
    replace(stepfunctions, "_invoke_with_callback", gate.around)
    replace(eventbridge, "_invoke_target", gate.around)
