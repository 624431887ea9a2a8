"""One-time codes by mail: random, for one use, one address and a limited time, with few attempts.

Source: Amazon Cognito Developer Guide. "Quotas in Amazon Cognito" has the validity of codes.
"Recovering user accounts" allows between 5 and 20 attempts an hour to request or to enter a code.
"""

import hmac
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

HOUR_SECONDS = 3600
WRONG_ENTRIES_AN_HOUR = 5
REQUESTS_AN_HOUR = 20
User = dict[str, Any]
_lock = threading.Lock()


@dataclass(frozen=True)
class Purpose:
    """The purpose of a code, and the time for which it is valid."""

    name: str
    valid_seconds: int


CONFIRMATION = Purpose("confirmation", 24 * HOUR_SECONDS)
VERIFICATION = Purpose("verification", 24 * HOUR_SECONDS)
RESET = Purpose("reset", HOUR_SECONDS)


class TooManyAttempts(Exception):
    """The user requested, or entered, too many codes in the last hour."""


class NoCode(Exception):
    """There is no code, or it was used, or has expired."""


class WrongCode(Exception):
    """The code that was issued is another one."""


def issue(user: User, purpose: Purpose, *, to: str, now: float) -> str:
    """Make, store and return a new code for the user, which replaces the last one.

    Raises TooManyAttempts. The code goes `to` an address, and is valid only for that one.
    """
    with _lock:
        requests = _of_the_last_hour(user, f"{purpose.name} requests", now)
        if len(requests) >= REQUESTS_AN_HOUR:
            raise TooManyAttempts
        requests.append(now)
        code = f"{secrets.randbelow(10**6):06d}"
        user.setdefault("_codes", {})[purpose.name] = {"code": code, "to": to, "until": now + purpose.valid_seconds}
        return code


def use_code(user: User, purpose: Purpose, entered: str, *, to: str, now: float) -> None:
    """Use up the user's code, if it is the one that was entered and went `to` the address.

    Raises TooManyAttempts, NoCode or WrongCode.
    """
    with _lock:
        codes = user.get("_codes", {})
        issued = codes.get(purpose.name)
        _count_if_wrong(user, purpose.name, lambda: issued is None or _is(issued["code"], entered), now)
        if issued is None or issued["until"] <= now or issued.get("to") != to:
            raise NoCode
        del codes[purpose.name]


def unused_code(user: User, purpose: Purpose, *, now: float) -> str | None:
    """Return the user's code while it can be used; None if there is none."""
    with _lock:
        issued = user.get("_codes", {}).get(purpose.name)
        return issued["code"] if issued is not None and issued["until"] > now else None


def check_entry(user: User, name: str, is_right: Callable[[], bool], *, now: float) -> None:
    """Check an entry, of which a user may get few wrong; raises TooManyAttempts or WrongCode."""
    with _lock:
        _count_if_wrong(user, name, is_right, now)


def _count_if_wrong(user: User, name: str, is_right: Callable[[], bool], now: float) -> None:
    wrong = _of_the_last_hour(user, f"wrong {name} entries", now)
    if len(wrong) >= WRONG_ENTRIES_AN_HOUR:
        raise TooManyAttempts
    if not is_right():
        wrong.append(now)
        raise WrongCode


def _is(code: str, entered: str) -> bool:
    return hmac.compare_digest(code.encode(), entered.encode("utf-8", "surrogatepass"))


def _of_the_last_hour(user: User, name: str, now: float) -> list[float]:
    """Return the list of times at which the user did it, to which the caller adds."""
    attempts = user.setdefault("_attempts", {})
    attempts[name] = [at for at in attempts.get(name, []) if now - at < HOUR_SECONDS]
    found: list[float] = attempts[name]
    return found
