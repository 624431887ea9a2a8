"""Reads forms and query strings on the event loop, if that takes little time."""

from functools import lru_cache
from urllib.parse import parse_qs

FORM_BYTES_MAX = 1024 * 1024  # the size of a body that is a form
# The number of fields and escaped characters, which take 60 ms in all. In a text of 256 KB, the
# largest for SNS, one character in thirteen may be escaped.
FORM_PARTS_MAX = 20_000
QUERY_PARTS_MAX = 5_000  # of a query string, which is escaped again for the signature


def parts(form: str | bytes) -> int:
    """Return the number of fields and escaped characters."""
    field, escape = ("&", "%") if isinstance(form, str) else (b"&", b"%")
    return int(form.count(field) + form.count(escape))  # type: ignore[arg-type]


def is_short(form: str | bytes) -> bool:
    """Return True for a body that can be read as a form in little time."""
    return len(form) <= FORM_BYTES_MAX and parts(form) <= FORM_PARTS_MAX


def fields(form: bytes) -> dict[str, list[str]]:
    """Return the values of each field; no fields for a body that is too long to be a form."""
    return _fields(form) if is_short(form) else {}


@lru_cache(maxsize=1)  # the guard and MiniStack's router ask for the same one, one after another
def _fields(form: bytes) -> dict[str, list[str]]:
    return parse_qs(form.decode("utf-8", "replace"), keep_blank_values=True)
