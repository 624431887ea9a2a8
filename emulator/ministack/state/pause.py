"""All that the emulator does by itself, at a standstill while its state is taken or put back.

Work in the background comes to the gate before and after each step that others notice: an invocation, a task's call, a
look at a queue or a stream. While the gate is closed its thread waits there, and with the server it ends there. What an
invocation has answered but nobody has looked at yet is lost, as in a power cut: a message stays in flight until its
visibility timeout ends, a reader of a stream stays where it was. A failure that only comes from the stop counts for
nothing.
"""

from ministack.services import eventbridge, lambda_svc, stepfunctions

from emulator.ministack.repairs.lambda_.stream_mappings import Reader
from emulator.ministack.repairs.patching import replace
from emulator.ministack.state.pause_gate import Gate

# What is between two passages when the gate closes gets to the next one within this time.
SETTLE_SECONDS = 0.2
gate = Gate()


def apply() -> None:
    """Put the gate around what is repaired already."""
    replace(lambda_svc, "_poll_sqs", gate.around)
    replace(lambda_svc, "_execute_function", gate.around)
    replace(Reader, "_read_once", gate.around)
    replace(stepfunctions, "_run_execution", gate.around)
    replace(stepfunctions, "_invoke_resource", gate.around)
    replace(stepfunctions, "_invoke_with_callback", gate.around)
    replace(eventbridge, "_invoke_target", gate.around)
