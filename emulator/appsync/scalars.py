"""AppSync's own scalars. Source: AppSync developer guide, "Scalar types in AWS AppSync"."""

import ipaddress
import json
import re
from collections.abc import Callable
from datetime import date, time
from typing import Any
from urllib.parse import urlsplit

from graphql import GraphQLError, GraphQLScalarType, GraphQLSchema

from emulator.appsync.request_limits import JSON_VALUES_MAX, check_values
from emulator.untrusted_json import NotJson, parse

_OFFSET = r"(?P<offset>Z|[+-]\d{2}:\d{2}(?::\d{2})?)"
_DATE = re.compile(rf"(?P<date>-?\d{{4}}-\d{{2}}-\d{{2}}){_OFFSET}?")
_TIME = re.compile(rf"(?P<time>\d{{2}}:\d{{2}}(?::\d{{2}}(?:\.\d{{1,9}})?)?){_OFFSET}?")
_DATE_TIME = re.compile(
    rf"(?P<date>-?\d{{4}}-\d{{2}}-\d{{2}})T(?P<time>\d{{2}}:\d{{2}}(?::\d{{2}}(?:\.\d{{1,9}})?)?){_OFFSET}"
)
_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(?:\.[^@\s.]+)+")
_PHONE = re.compile(r"\+?[0-9][0-9 \-]{2,18}[0-9]")


def _matching(pattern: re.Pattern[str]) -> Callable[[str], bool]:
    def check(text: str) -> bool:
        match = pattern.fullmatch(text)
        if not match:
            return False
        parts = match.groupdict()
        try:
            if parts.get("date"):
                date.fromisoformat(parts["date"].removeprefix("-"))
            if parts.get("time"):
                # Python keeps microseconds, AppSync nanoseconds.
                time.fromisoformat(parts["time"].partition(".")[0])
        except ValueError:
            return False
        return True

    return check


def _is_url(text: str) -> bool:
    try:
        url = urlsplit(text)
    except ValueError:
        return False
    return bool(url.scheme and url.netloc) and "//" not in url.path and not re.search(r"\s", text)


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_interface(text)
    except ValueError:
        return False
    return True


_TEXTS: dict[str, tuple[str, Callable[[str], bool]]] = {
    "AWSDate": ("Date", _matching(_DATE)),
    "AWSTime": ("Time", _matching(_TIME)),
    "AWSDateTime": ("DateTime", _matching(_DATE_TIME)),
    "AWSEmail": ("Email", _matching(_EMAIL)),
    "AWSURL": ("URL", _is_url),
    "AWSPhone": ("Phone", _matching(_PHONE)),
    "AWSIPAddress": ("IP Address", _is_address),
}
NAMES = (*_TEXTS, "AWSJSON", "AWSTimestamp")


def install(schema: GraphQLSchema) -> None:
    """Set the rules of the schema's AppSync scalars."""
    for name in NAMES:
        scalar = schema.type_map.get(name)
        if isinstance(scalar, GraphQLScalarType):
            read, write = _rules(name)
            # graphql-core expects them in the constructor, but a schema built from SDL has none to
            # call.
            scalar.parse_value = read  # type: ignore[assignment,method-assign]
            scalar.serialize = write  # type: ignore[assignment,method-assign]


def _rules(name: str) -> tuple[Callable[[Any], Any], Callable[[Any], Any]]:
    if name == "AWSJSON":
        return _read_json, lambda value: json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    if name == "AWSTimestamp":
        return _checked(name, "Timestamp", _is_timestamp), _checked(name, "Timestamp", _is_timestamp)
    label, is_valid = _TEXTS[name]
    check = _checked(name, label, lambda value: isinstance(value, str) and is_valid(value))
    return check, check


def _checked(name: str, label: str, is_valid: Callable[[Any], bool]) -> Callable[[Any], Any]:
    def check(value: Any) -> Any:
        if not is_valid(value):
            raise GraphQLError(f"Unable to serialize `{value}` as a valid {label} Object ({name}).")
        return value

    return check


def _is_timestamp(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _read_json(value: Any) -> Any:
    if not isinstance(value, str):
        raise GraphQLError("Unable to parse a value as valid JSON: AWSJSON takes a string.")
    try:
        read = parse(value, values_max=JSON_VALUES_MAX)
    except NotJson as error:
        raise GraphQLError(f"Unable to parse `{value}` as valid JSON.") from error
    try:
        check_values(read)
    except ValueError as error:
        raise GraphQLError(f"An AWSJSON has {error}.") from error
    return read
