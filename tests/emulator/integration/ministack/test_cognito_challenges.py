"""A challenge is answered once, by its user, with its session."""

from collections.abc import Callable
from typing import Any

import pytest

from emulator.ministack.one_time_codes import WRONG_ENTRIES_AN_HOUR
from tests.emulator.support.user_pools import EMAIL, PASSWORD, Pool, authenticator_code, error_of, other_than

NEW_PASSWORD = "Bb1-0123456789"
# Answers to each challenge by somebody who knows only a user's name.
ANSWERS: dict[str, dict[str, str]] = {
    "DEVICE_PASSWORD_VERIFIER": {"DEVICE_KEY": "device"},
    "EMAIL_OTP": {"EMAIL_OTP_CODE": "123456"},
    "MFA_SETUP": {},
    "NEW_PASSWORD_REQUIRED": {"NEW_PASSWORD": NEW_PASSWORD},
    "PASSWORD": {"PASSWORD": PASSWORD},
    "SELECT_CHALLENGE": {"ANSWER": "PASSWORD"},
    "SMS_MFA": {"SMS_MFA_CODE": "123456"},
    "SOFTWARE_TOKEN_MFA": {"SOFTWARE_TOKEN_MFA_CODE": "123456"},
}
SESSIONS: dict[str, dict[str, str]] = {"none": {}, "made up": {"Session": "x" * 40}}


@pytest.fixture
def pool(make_pool: Callable[..., Pool]) -> Pool:
    return make_pool(**EMAIL, MfaConfiguration="OPTIONAL")


def invite(pool: Pool, username: str) -> str:
    """Make a user who needs a new password; return the name."""
    names = {"UserPoolId": pool.pool_id, "Username": username}
    pool.administrator.admin_create_user(**names, MessageAction="SUPPRESS", TemporaryPassword=PASSWORD)
    return username


def answer(pool: Pool, challenge: str, username: str, session: str | None = None, **responses: str) -> Any:
    """Answer a challenge without any keys."""
    more = {} if session is None else {"Session": session}
    return pool.anybody.respond_to_auth_challenge(
        ClientId=pool.client_id,
        ChallengeName=challenge,
        ChallengeResponses={"USERNAME": username, **responses},
        **more,
    )


def with_an_authenticator(pool: Pool, username: str) -> str:
    """Set up an authenticator for a user; return its secret."""
    token = {"AccessToken": pool.sign_in(username)["AccessToken"]}
    secret = str(pool.anybody.associate_software_token(**token)["SecretCode"])
    pool.anybody.verify_software_token(**token, UserCode=authenticator_code(secret))
    return secret


@pytest.mark.parametrize("session", SESSIONS.values(), ids=SESSIONS)
@pytest.mark.parametrize(("challenge", "responses"), ANSWERS.items(), ids=ANSWERS)
def test_a_user_name_alone_answers_no_challenge(
    pool: Pool, challenge: str, responses: dict[str, str], session: dict[str, str]
) -> None:
    username, invited = pool.make_user(), invite(pool, "eve@example.com")
    call = {"ClientId": pool.client_id, "ChallengeName": challenge, **session}

    told = {
        error_of(
            pool.anybody.respond_to_auth_challenge,
            **call,
            ChallengeResponses={"USERNAME": name, **responses},
        )
        for name in (username, invited)
    }

    assert told == {"NotAuthorizedException"}
    assert pool.sign_in(username)["AccessToken"]
    assert pool.answer_to_password(invited)["ChallengeName"] == "NEW_PASSWORD_REQUIRED"


def test_an_invited_user_sets_a_new_password(pool: Pool) -> None:
    username = invite(pool, "anna@example.com")
    session = pool.answer_to_password(username)["Session"]

    signed_in = answer(pool, "NEW_PASSWORD_REQUIRED", username, session, NEW_PASSWORD=NEW_PASSWORD)

    assert signed_in["AuthenticationResult"]["AccessToken"]
    assert pool.sign_in(username, NEW_PASSWORD)["AccessToken"]


def test_a_session_is_used_once(pool: Pool) -> None:
    username = invite(pool, "anna@example.com")
    session = pool.answer_to_password(username)["Session"]
    answer(pool, "NEW_PASSWORD_REQUIRED", username, session, NEW_PASSWORD=NEW_PASSWORD)

    told = error_of(
        answer,
        pool=pool,
        challenge="NEW_PASSWORD_REQUIRED",
        username=username,
        session=session,
        NEW_PASSWORD="Cc1-0123456789",
    )

    assert told == "NotAuthorizedException"
    assert pool.sign_in(username, NEW_PASSWORD)["AccessToken"]


def test_a_session_is_for_its_user_its_challenge_and_its_client_only(pool: Pool) -> None:
    anna, eve = invite(pool, "anna@example.com"), invite(pool, "eve@example.com")
    session = pool.answer_to_password(eve)["Session"]
    new = {"NEW_PASSWORD": NEW_PASSWORD}
    made = pool.administrator.create_user_pool_client(UserPoolId=pool.pool_id, ClientName="another")
    other = Pool(pool.server, pool.directory, pool.pool_id, made["UserPoolClient"]["ClientId"])
    wrong: list[dict[str, Any]] = [
        {"pool": pool, "challenge": "NEW_PASSWORD_REQUIRED", "username": anna},
        {"pool": pool, "challenge": "MFA_SETUP", "username": eve},
        {"pool": pool, "challenge": "SMS_MFA", "username": eve},
        {"pool": other, "challenge": "NEW_PASSWORD_REQUIRED", "username": eve},
    ]

    told = [error_of(answer, session=session, **one, **new) for one in wrong]

    assert told == ["NotAuthorizedException"] * len(wrong)
    assert pool.answer_to_password(anna)["ChallengeName"] == "NEW_PASSWORD_REQUIRED"


def test_a_new_password_conforms_to_the_policy(pool: Pool) -> None:
    username = invite(pool, "anna@example.com")
    session = pool.answer_to_password(username)["Session"]
    call = {"pool": pool, "challenge": "NEW_PASSWORD_REQUIRED", "username": username, "session": session}

    assert error_of(answer, **call, NEW_PASSWORD="simple") == "InvalidPasswordException"
    assert error_of(answer, **call) == "InvalidPasswordException"
    assert error_of(answer, **call, NEW_PASSWORD=NEW_PASSWORD) == ""


def test_the_administrator_answers_with_a_session_too(pool: Pool) -> None:
    username = invite(pool, "anna@example.com")
    names = {"UserPoolId": pool.pool_id, "ClientId": pool.client_id}
    asked = pool.administrator.admin_initiate_auth(
        **names,
        AuthFlow="ADMIN_USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": username, "PASSWORD": PASSWORD},
    )
    call = {
        **names,
        "ChallengeName": asked["ChallengeName"],
        "ChallengeResponses": {"USERNAME": username, "NEW_PASSWORD": NEW_PASSWORD},
    }

    assert error_of(pool.administrator.admin_respond_to_auth_challenge, **call) == "NotAuthorizedException"
    assert error_of(pool.administrator.admin_respond_to_auth_challenge, **call, Session=asked["Session"]) == ""


def test_an_authenticator_is_asked_for_and_its_code_is_taken(pool: Pool) -> None:
    username = pool.make_user()
    secret = with_an_authenticator(pool, username)
    asked = pool.answer_to_password(username)

    code = authenticator_code(secret)
    signed_in = answer(pool, asked["ChallengeName"], username, asked["Session"], SOFTWARE_TOKEN_MFA_CODE=code)

    assert asked["ChallengeName"] == "SOFTWARE_TOKEN_MFA"
    assert signed_in["AuthenticationResult"]["AccessToken"]


def test_few_codes_of_an_authenticator_can_be_tried_with_whatever_sessions(pool: Pool) -> None:
    username = pool.make_user()
    secret = with_an_authenticator(pool, username)

    def enter(code: str) -> str:
        session = pool.answer_to_password(username)["Session"]
        names = {"pool": pool, "challenge": "SOFTWARE_TOKEN_MFA", "username": username, "session": session}
        return error_of(answer, **names, SOFTWARE_TOKEN_MFA_CODE=code)

    told = [enter(other_than(authenticator_code(secret))) for _ in range(WRONG_ENTRIES_AN_HOUR)]

    assert set(told) == {"CodeMismatchException"}
    assert enter(authenticator_code(secret)) == "NotAuthorizedException"


def test_an_authenticator_is_verified_by_its_own_code_only(pool: Pool) -> None:
    username = pool.make_user()
    token = {"AccessToken": pool.sign_in(username)["AccessToken"]}
    secret = pool.anybody.associate_software_token(**token)["SecretCode"]
    preferred = {"SoftwareTokenMfaSettings": {"Enabled": True, "PreferredMfa": True}}

    wrong = error_of(pool.anybody.verify_software_token, **token, UserCode=other_than(authenticator_code(secret)))
    too_early = error_of(pool.anybody.set_user_mfa_preference, **token, **preferred)

    assert (wrong, too_early) == ("EnableSoftwareTokenMFAException", "InvalidParameterException")
    assert pool.sign_in(username)["AccessToken"]


def begin(pool: Pool, username: str, number: str) -> Any:
    """Begin to sign in with a proof of the password."""
    parameters = {"USERNAME": username, "SRP_A": number}
    return pool.anybody.initiate_auth(ClientId=pool.client_id, AuthFlow="USER_SRP_AUTH", AuthParameters=parameters)


def test_what_begins_a_sign_in_has_some_length(pool: Pool) -> None:
    username = pool.make_user()

    told = [
        error_of(begin, pool=pool, username=name, number=number)
        for name, number in [(username, "a" * 769), ("x" * 2_049, "a"), (username, "a" * 768)]
    ]

    assert told == ["InvalidParameterException", "InvalidParameterException", ""]
    assert begin(pool, username, "0" * 100 + "a" * 768)["ChallengeName"] == "PASSWORD_VERIFIER"
