"""Sign-ins that are begun and never finished are forgotten."""

import time
from typing import Any, cast

import pytest
from ministack.core.responses import AccountScopedDict
from ministack.services import cognito

from emulator.ministack.repairs.cognito import bounded_sign_ins
from emulator.ministack.repairs.cognito.bounded_sign_ins import EVENTS_MAX, SESSIONS_MAX, UNCONFIRMED_MAX
from emulator.ministack.repairs.cognito.challenges import Challenge, Challenges
from emulator.ministack.repairs.patching import RepairContext

POOL: dict[str, Any] = {"UserPoolAddOns": {"AdvancedSecurityMode": "AUDIT"}}

REPAIRED = ("_create_challenge_session", "_initiate_auth", "_admin_initiate_auth", "_record_auth_event")


def sign_up(data: dict[str, Any]) -> None:
    """Make a user as MiniStack does."""
    POOL["_users"][data["Username"]] = {"UserStatus": data["Status"]}


@pytest.fixture(autouse=True)
def repaired(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in REPAIRED:
        monkeypatch.setattr(cognito, name, getattr(cognito, name))
    monkeypatch.setattr(cognito, "_sign_up", sign_up)
    monkeypatch.setattr(cognito, "_pool_for_client", lambda _client_id: (POOL, "pool"))
    monkeypatch.setitem(POOL, "_users", {})
    monkeypatch.setattr(cognito, "_challenge_sessions", AccountScopedDict())
    bounded_sign_ins.apply(cast(RepairContext, None))


def begin(number: int = 1) -> list[str]:
    """Begin some sign-ins; return their sessions."""
    return [cognito._create_challenge_session("pool", "client", "anna")[0] for _ in range(number)]


def test_a_sign_in_that_has_expired_is_forgotten_when_another_begins() -> None:
    expired, waiting = begin(2)
    cognito._challenge_sessions[expired]["expires_at"] = time.time() - 1

    (new,) = begin()

    assert set(cognito._challenge_sessions) == {waiting, new}


def test_of_too_many_sign_ins_the_oldest_is_forgotten() -> None:
    sessions = begin(SESSIONS_MAX + 5)

    assert list(cognito._challenge_sessions) == sessions[5:]


def test_of_too_many_challenges_the_oldest_is_forgotten() -> None:
    challenges, until = Challenges(), time.time() + 60
    challenge = Challenge(name="SMS_MFA", pool_id="pool", client_id="client", username="anna", until=until)

    for number in range(SESSIONS_MAX + 5):
        challenges.add(str(number), challenge)

    kept = [number for number in range(SESSIONS_MAX + 5) if challenges.find(str(number))]
    assert kept == list(range(5, SESSIONS_MAX + 5))


def test_a_user_has_a_history_of_some_length() -> None:
    user: dict[str, Any] = {"Username": "anna"}

    for number in range(EVENTS_MAX + 5):
        cognito._record_auth_event(POOL, user, {"ContextData": {"IpAddress": f"{number}"}}, "SignIn", "Fail")

    addresses = [event["EventContextData"]["IpAddress"] for event in user["_auth_events"]]
    assert addresses == [str(number) for number in range(5, EVENTS_MAX + 5)]


def test_of_too_many_who_never_confirmed_the_oldest_is_forgotten() -> None:
    statuses = ["CONFIRMED", *["UNCONFIRMED"] * (UNCONFIRMED_MAX + 5)]

    for number, status in enumerate(statuses):
        cognito._sign_up({"ClientId": "client", "Username": number, "Status": status})

    assert list(POOL["_users"]) == [0, *range(6, UNCONFIRMED_MAX + 6)]
    assert POOL["EstimatedNumberOfUsers"] == UNCONFIRMED_MAX + 1
