"""Forms and query strings, which are read on the event loop: only those that take no time to read."""

from functools import lru_cache
from urllib.parse import parse_qs

FORM_BYTES_MAX = 1024 * 1024  # of a body that is a form
# Its fields and escaped characters, which take 60 ms in all. Of a text of 256 KB, the largest that SNS takes, one
# character in thirteen may be escaped.
FORM_PARTS_MAX = 20_000
QUERY_PARTS_MAX = 5_000  # of a query string, of which each is escaped again for the signature


def parts(form: str | bytes) -> int:
    """Return how many fields and escaped characters there are."""
    field, escape = ("&", "%") if isinstance(form, str) else (b"&", b"%")
    return int(form.count(field) + form.count(escape))  # type: ignore[arg-type]


def is_short(form: str | bytes) -> bool:
    """Return True for a body that takes no time to read as a form."""
    return len(form) <= FORM_BYTES_MAX and parts(form) <= FORM_PARTS_MAX


def fields(form: bytes) -> dict[str, list[str]]:
    """Return the values of each field; none of what is too long, such as an object that calls itself a form."""
    return _fields(form) if is_short(form) else {}


@lru_cache(maxsize=1)  # the guard and MiniStack's router ask for the same one, one after another
def _fields(form: bytes) -> dict[str, list[str]]:
    return parse_qs(form.decode("utf-8", "replace"), keep_blank_values=True)
