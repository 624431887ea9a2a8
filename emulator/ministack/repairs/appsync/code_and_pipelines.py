"""Code and pipelines stay within AppSync's limits.

AWS: `code` of a function or a resolver has at most 32,768 characters (AppSync API reference,
FunctionConfiguration and Resolver), and a pipeline resolver at most 10 functions (Service Quotas,
"Functions per pipeline resolver"). The wording of the refusals is not documented.
MiniStack: takes any.
"""

import functools
from typing import Any

from ministack.core.responses import error_response_json
from ministack.services import appsync

from emulator.ministack.repairs.patching import AnyCallable, RepairContext, replace

CODE_MAX_CHARACTERS = 32_768
FUNCTIONS_MAX = 10
WRITERS = ("_create_function", "_update_function", "_create_resolver")  # an update of a resolver makes it anew


def apply(_context: RepairContext) -> None:
    """Refuse what is too long when it is made and when it is updated."""
    for name in WRITERS:
        replace(appsync, name, _within_limits)


def _within_limits(write: AnyCallable) -> AnyCallable:
    @functools.wraps(write)
    def written(*arguments: Any) -> Any:
        body = arguments[-1]
        length = len(body.get("code") or "")
        functions = (body.get("pipelineConfig") or {}).get("functions") or ()
        if length > CODE_MAX_CHARACTERS:
            return _refusal(f"code has {length} characters, at most {CODE_MAX_CHARACTERS} are allowed")
        if len(functions) > FUNCTIONS_MAX:
            return _refusal(f"the pipeline has {len(functions)} functions, at most {FUNCTIONS_MAX} are allowed")
        return write(*arguments)

    return written


def _refusal(message: str) -> Any:
    return error_response_json("BadRequestException", message, 400)
