"""A sign-in or a sign-up, which anybody may begin, takes little and is forgotten.

AWS: a sign-in that was begun ends after the client's AuthSessionValidity, 3 to 15 minutes.
MiniStack: forgets it only when somebody asks for it later, and saves it too. It takes an `SRP_A` and
a user name of any length. So sign-ins that anybody began took 4 MB a second. It keeps every event of
a user's sign-ins, failed ones too, and every user who never confirmed a sign-up, as AWS does.
Here at most so many are kept, and the oldest goes first. AWS's answer to a longer `SRP_A` isn't
documented.
Source: Amazon Cognito API reference, CreateUserPoolClient (AuthSessionValidity) and AttributeType (a
value, so also an address that somebody signs in with, has at most 2,048 characters); RFC 5054,
appendix A: a number of the 3,072-bit group has at most 768 hexadecimal digits.
"""

import threading
import time
from collections.abc import Callable
from typing import Any

from ministack.services import cognito

from emulator.ministack.repairs.cognito.refusals import Refused
from emulator.ministack.repairs.patching import RepairContext, replace

Data = dict[str, Any]
SESSIONS_MAX = 2_000  # those of a minute at the highest rate
EVENTS_MAX = 1_000
UNCONFIRMED_MAX = 5_000  # of a pool; the sign-ups of half a minute at the highest rate
LENGTHS = {"SRP_A": 768, "USERNAME": 2_048}


def apply(_context: RepairContext) -> None:
    """Bound the sign-ins that wait for an answer, what they hold, the sign-ups, and the history of each user."""
    replace(cognito, "_create_challenge_session", _forgetting(threading.Lock()))
    for name in ("_initiate_auth", "_admin_initiate_auth"):
        replace(cognito, name, _of_limited_length)
    replace(cognito, "_record_auth_event", _forgetting_events)
    replace(cognito, "_sign_up", _forgetting_users)


def newest(sessions: list[str]) -> list[str]:
    """Return those of the sessions, in the order of their beginnings, that stay when one more begins."""
    return sessions[-(SESSIONS_MAX - 1) :]


def _forgetting(lock: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    def build(original: Callable[..., Any]) -> Callable[..., Any]:
        def create(*arguments: Any) -> Any:
            with lock:
                now, sessions = time.time(), cognito._challenge_sessions
                waiting = [token for token, session in sessions.items() if session["expires_at"] > now]
                for token in set(sessions) - set(newest(waiting)):
                    sessions.pop(token, None)
                return original(*arguments)

        return create

    return build


def _of_limited_length(original: Callable[..., Any]) -> Callable[..., Any]:
    def start(data: Data) -> Any:
        parameters = dict(data.get("AuthParameters") or {})
        if parameters.get("SRP_A"):
            parameters["SRP_A"] = parameters["SRP_A"].lstrip("0") or "0"  # some clients write zeros before a number
        for name, most in LENGTHS.items():
            if len(parameters.get(name) or "") > most:
                raise Refused("InvalidParameterException", f"{name} has more than {most} characters.")
        return original({**data, "AuthParameters": parameters})

    return start


def _forgetting_events(original: Callable[..., Any]) -> Callable[..., Any]:
    def record(pool: Data, user: Data, *arguments: Any, **options: Any) -> None:
        original(pool, user, *arguments, **options)
        del user.get("_auth_events", [])[:-EVENTS_MAX]

    return record


def _forgetting_users(original: Callable[..., Any]) -> Callable[..., Any]:
    def sign_up(data: Data) -> Any:
        answer = original(data)
        pool = cognito._pool_for_client(data["ClientId"])[0]
        if pool is not None and len(pool["_users"]) > UNCONFIRMED_MAX:
            waiting = [name for name, user in list(pool["_users"].items()) if user["UserStatus"] == "UNCONFIRMED"]
            for name in waiting[:-UNCONFIRMED_MAX]:
                pool["_users"].pop(name, None)
            pool["EstimatedNumberOfUsers"] = len(pool["_users"])
        return answer

    return sign_up
