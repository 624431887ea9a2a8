"""A repair of Cognito can refuse a call from anywhere within it.

MiniStack: hands errors up as return values, so a function that returns something else can't refuse.
"""

from collections.abc import Callable
from typing import Any

from ministack.core.responses import error_response_json
from ministack.services import cognito

from emulator.ministack.repairs.patching import RepairContext, replace


class Refused(Exception):
    """The call is refused with an error of the service model, and a message."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def apply(_context: RepairContext) -> None:
    """Turn a refusal into an error answer; apply this after repairs that refuse beforehand."""

    def build(original: Callable[..., Any]) -> Callable[..., Any]:
        def run(handler: Callable[..., Any], action: str, data: dict[str, Any]) -> Any:
            try:
                return original(handler, action, data)
            except Refused as refused:
                return error_response_json(refused.code, str(refused), 400)

        return run

    replace(cognito, "_run_idp_handler", build)
