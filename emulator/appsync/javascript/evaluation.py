"""The outcome of calling a handler."""

from dataclasses import dataclass
from typing import Any

from emulator.appsync.javascript.json_text import EMPTY, NULL, JsonText

CODE = "Code"
NOT_SUPPORTED = "NotSupported"


@dataclass(frozen=True, kw_only=True)
class RaisedError:
    """An error with the arguments of util.error or util.appendError; None for those not given."""

    message: str
    error_type: str | None = None
    data: Any = None
    error_info: Any = None


@dataclass(frozen=True, kw_only=True)
class Evaluation:
    """The outcome of one handler call; its value is null when there is an error."""

    value: JsonText = NULL
    error: RaisedError | None = None
    appended: tuple[RaisedError, ...] = ()
    stash_text: JsonText = EMPTY
    early_return: bool = False
    skip_to: str | None = None
    logs: tuple[str, ...] = ()
    subscription_filter: Any = None  # what was given to extensions.setSubscriptionFilter
    detail: str = ""  # for the log: the failure inside the code, with its lines

    @property
    def result(self) -> Any:
        """Read the value that the handler returned."""
        return self.value.read()

    @property
    def stash(self) -> dict[str, Any]:
        """Read the stash afterwards."""
        return dict(self.stash_text.read())

    @property
    def error_type(self) -> str | None:
        """The type of the error, None when there is none."""
        return self.error.error_type if self.error else None


def refusal(message: str, **done_before: Any) -> Evaluation:
    """Return the outcome of code that uses an unsupported feature."""
    return Evaluation(error=RaisedError(message=message, error_type=NOT_SUPPORTED), detail=message, **done_before)


def runtime_failure(detail: str, **done_before: Any) -> Evaluation:
    """Return the outcome of code that fails or exceeds a limit.

    AppSync hides the reason from callers.
    """
    return Evaluation(error=RaisedError(message="Runtime Error", error_type=CODE), detail=detail, **done_before)


def evaluation_of(outcome: dict[str, Any], value: JsonText, stash: JsonText, function: str) -> Evaluation:
    """Build the evaluation from the report of the JavaScript side."""
    appended = tuple(_raised(error) for error in outcome["appended"])
    base: dict[str, Any] = {"appended": appended, "stash_text": stash, "logs": tuple(outcome["logs"])}
    base["subscription_filter"] = outcome.get("filter")
    match outcome["kind"]:
        case "value":
            return Evaluation(value=value, **base)
        case "return":
            return Evaluation(value=value, early_return=True, skip_to=outcome["skipTo"], **base)
        case "error":
            return Evaluation(error=_raised(outcome), detail=outcome["message"], **base)
        case "refused":
            return refusal(outcome["message"], **base)
        case "missing":
            error = RaisedError(message=f"The code exports no function named {function}", error_type=CODE)
            return Evaluation(error=error, detail=error.message, **base)
        case _:
            return runtime_failure(f"{outcome['message']}\n{outcome['stack']}".strip(), **base)


def _raised(error: dict[str, Any]) -> RaisedError:
    return RaisedError(
        message=error["message"], error_type=error["errorType"], data=error["data"], error_info=error["errorInfo"]
    )
