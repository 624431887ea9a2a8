"""JSON from outside, read in the same way everywhere, with one error for all that is refused."""

import json
import math
import re
from itertools import accumulate
from typing import Any

# More levels than any client needs, and far fewer than recursive code can take.
NESTING_MAX = 128
_STRING = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+\\?(?:"|\Z)', re.DOTALL)
_STEPS = {ord("["): 1, ord("{"): 1, ord("]"): -1, ord("}"): -1}
_NO_BRACKETS = bytes(set(range(256)) - set(_STEPS))
_NO_BRACKETS_OR_QUOTES = bytes(set(range(256)) - set(_STEPS) - set(b'"'))
_BEFORE_VALUES = "[{,"
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
_FINITE_DIGITS = 300  # a whole number with as many is finite


class NotJson(ValueError):
    """The text is no JSON, or has deep nesting, endless numbers or lone surrogates."""


class TooManyValues(NotJson):
    """The text has more values than are allowed."""


def parse(text: str | bytes, *, values_max: int | None = None) -> Any:
    """Return the value of a JSON text; raises NotJson, also for more than `values_max` values.

    Bytes are read as UTF-8.
    """
    try:
        if isinstance(text, bytes):
            text = text.decode("utf-8")
        else:
            text.encode()  # raises for a lone surrogate, which UTF-8 can't encode
        if values_max is not None:
            _require_few(text, values_max)
        return _parse(text)
    except NotJson:
        raise
    except (ValueError, RecursionError) as error:
        raise NotJson(str(error)) from error


def parse_object(text: str | bytes, *, values_max: int | None = None) -> dict[str, Any]:
    """Return the object in a JSON text; raises NotJson, also for any other value."""
    value = parse(text, values_max=values_max)
    if not isinstance(value, dict):
        raise NotJson(f"an object is wanted, got {type(value).__name__}")
    return value


def require_flat(text: str) -> None:
    """Raise NotJson for a text with too many levels."""
    if text.count("[") + text.count("{") <= NESTING_MAX:
        return
    if any(map(NESTING_MAX.__lt__, accumulate(map(_STEPS.__getitem__, _brackets(text))))):
        raise NotJson(f"nested deeper than {NESTING_MAX} levels")


def _brackets(text: str) -> bytes:
    """Return the brackets that aren't in strings."""
    if "\\" in text:
        return _STRING.sub("", text).encode("utf-8", "replace").translate(None, _NO_BRACKETS)
    # Without escapes strings begin and end at each quote in turn, and two quotes side by side change nothing.
    told = text.encode("utf-8", "replace").translate(None, _NO_BRACKETS_OR_QUOTES).replace(b'""', b"")
    return b"".join(told.split(b'"')[::2])


def _require_few(text: str, most: int) -> None:
    """Raise NotJson for too many values: 300,000 empty lists take half a second."""
    if _places(text) > most and _places(_STRING.sub("", text)) > most:
        raise TooManyValues(f"more than {most} values, at most that many are allowed")


def _places(text: str) -> int:
    """Return the number of values that a list or an object may contain."""
    return sum(map(text.count, _BEFORE_VALUES))


def _parse(text: str) -> Any:
    require_flat(text)
    value = json.loads(text, parse_constant=_no_number, parse_float=_finite, parse_int=_finite_int)
    if "\\u" in text and _SURROGATE.search(text):
        json.dumps(value, ensure_ascii=False).encode()  # raises for an escaped lone surrogate
    return value


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise ValueError(f"a number of {len(text)} characters is larger than any that can be worked with")
    return number


def _finite_int(text: str) -> int:
    if len(text) > _FINITE_DIGITS:
        _finite(text)
    return int(text)


def _no_number(name: str) -> Any:
    raise ValueError(f"{name} is no number of JSON")
