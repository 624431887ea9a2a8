"""JSON that is nested too deeply counts as malformed, also inside a token or a policy.

AWS: answers 400 with the operation's own error for a malformed document.
MiniStack: goes by ValueError. Python raises RecursionError for deep nesting, and the answer is 500 with a traceback.
Source: the services' `except ValueError` and `except json.JSONDecodeError` around `json.loads`.
"""

import json

from emulator.ministack.repairs.patching import AnyCallable, RepairContext, replace
from emulator.untrusted_json import NotJson, require_flat


def apply(_context: RepairContext) -> None:
    """Let `json.loads` raise ValueError for deep nesting in this process, as for malformed text."""

    def build(decode: AnyCallable) -> AnyCallable:
        def decode_flat(decoder: json.JSONDecoder, text: str, *arguments: object) -> object:
            try:
                require_flat(text)
            except NotJson as error:
                raise json.JSONDecodeError(str(error), text, 0) from error
            return decode(decoder, text, *arguments)

        return decode_flat

    replace(json.JSONDecoder, "decode", build)
