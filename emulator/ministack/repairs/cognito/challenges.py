"""A challenge is answered with its session, by its user, and once.

AWS: the right password leads to a challenge with a session, which lasts for the client's
AuthSessionValidity. Only with that session can the user set a new password or enter an
authenticator's code. A new password conforms to the policy. After a few wrong codes it is "Password
attempts exceeded".
MiniStack: doesn't look at the session. So a user name alone gives tokens (MFA_SETUP, SMS_MFA,
SOFTWARE_TOKEN_MFA without an authenticator) or sets the password (NEW_PASSWORD_REQUIRED).
Source: Amazon Cognito API reference, RespondToAuthChallenge; Developer Guide, "Adding MFA to a user
pool".
"""

import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ministack.services import cognito

from emulator.ministack import one_time_codes
from emulator.ministack.one_time_codes import TooManyAttempts, WrongCode
from emulator.ministack.repairs.cognito.bounded_sign_ins import newest
from emulator.ministack.repairs.cognito.refusals import Refused
from emulator.ministack.repairs.patching import RepairContext, replace

Data = dict[str, Any]
# MiniStack checks the sessions of these itself.
CHECKED = ("CUSTOM_CHALLENGE", "PASSWORD_VERIFIER")
INVALID_SESSION = ("NotAuthorizedException", "Invalid session for the user.")
EXCEEDED = ("NotAuthorizedException", "Password attempts exceeded")
NO_AUTHENTICATOR = ("SoftwareTokenMFANotFoundException", "Software Token MFA does not exist for the user.")
MISMATCH = ("CodeMismatchException", "Invalid code received for user")


@dataclass(frozen=True, kw_only=True)
class Challenge:
    """A challenge after a correct password."""

    name: str
    pool_id: str
    client_id: str
    username: str
    until: float


class Challenges:
    """The challenges that wait for an answer, by session."""

    def __init__(self) -> None:
        self._waiting: dict[str, Challenge] = {}
        self._lock = threading.Lock()

    def add(self, session: str, challenge: Challenge) -> None:
        """Add a challenge; remove the expired ones, and the oldest of too many."""
        with self._lock:
            now = time.time()
            waiting = newest([key for key, one in self._waiting.items() if one.until > now])
            self._waiting = {key: self._waiting[key] for key in waiting} | {session: challenge}

    def find(self, session: str) -> Challenge | None:
        """Return the challenge of the session, unless it has expired."""
        found = self._waiting.get(session)
        return found if found is not None and found.until > time.time() else None

    def take(self, session: str) -> None:
        """End a challenge; raises Refused when another call has just ended it."""
        with self._lock:
            if self._waiting.pop(session, None) is None:
                raise Refused(*INVALID_SESSION)


def apply(_context: RepairContext) -> None:
    """Keep each challenge, and refuse answers to any other."""
    challenges = Challenges()
    replace(cognito, "_password_auth_result", _remembering(challenges))
    replace(cognito, "_respond_to_auth_challenge", _answering(challenges))
    replace(cognito, "_admin_respond_to_auth_challenge", _answering(challenges))


def _remembering(challenges: Challenges) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    def build(original: Callable[..., Any]) -> Callable[..., Any]:
        def result(pool: Data, pool_id: str, client_id: str, user: Data, *arguments: Any, **options: Any) -> Any:
            answer = original(pool, pool_id, client_id, user, *arguments, **options)
            asked = json.loads(answer[2])
            if "ChallengeName" in asked:
                minutes = pool["_clients"][client_id].get("AuthSessionValidity", 3)
                challenge = Challenge(
                    name=asked["ChallengeName"],
                    pool_id=pool_id,
                    client_id=client_id,
                    username=user["Username"],
                    until=time.time() + minutes * 60,
                )
                challenges.add(asked["Session"], challenge)
            return answer

        return result

    return build


def _answering(challenges: Challenges) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    def build(original: Callable[..., Any]) -> Callable[..., Any]:
        def respond(data: Data) -> Any:
            if data.get("ChallengeName") in CHECKED:
                return original(data)
            session, responses = data.get("Session") or "", data.get("ChallengeResponses") or {}
            challenge = challenges.find(session)
            asked = challenge and (challenge.name, challenge.client_id)
            if challenge is None or asked != (data.get("ChallengeName"), data.get("ClientId")):
                raise Refused(*INVALID_SESSION)
            pool = cognito._user_pools.get(challenge.pool_id)
            user = cognito._resolve_user(pool, responses.get("USERNAME"))[0] if pool else None
            if user is None or user["Username"] != challenge.username:
                raise Refused(*INVALID_SESSION)
            refused = _refusal(challenge.name, pool, user, responses)
            if refused is not None:
                return refused
            challenges.take(session)
            return original(data)

        return respond

    return build


def _refusal(name: str, pool: Data, user: Data, responses: Data) -> Any:
    """Return or raise the fault in the answer; return None for a good one."""
    if name == "NEW_PASSWORD_REQUIRED":
        return cognito._validate_password(pool, responses.get("NEW_PASSWORD") or responses.get("PASSWORD") or "")
    secret, code = user.get("_totp_secret"), responses.get("SOFTWARE_TOKEN_MFA_CODE", "")
    if not secret:
        raise Refused(*NO_AUTHENTICATOR)
    try:
        one_time_codes.check_entry(user, name, lambda: cognito._totp_matches(secret, code), now=time.time())
    except TooManyAttempts as error:
        raise Refused(*EXCEEDED) from error
    except WrongCode as error:
        raise Refused(*MISMATCH) from error
    return None
