"""Codes appear in the engineer's mailbox only, and work once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from emulator.ministack.one_time_codes import REQUESTS_AN_HOUR, WRONG_ENTRIES_AN_HOUR
from tests.emulator.support.user_pools import EMAIL, PASSWORD, Pool, error_of, other_than

ADDRESS = "anna@example.com"
OTHER_PASSWORD = "Bb1-0123456789"
CONSTANTS = ("123456", "654321")
Entry = Callable[[str], str]


@pytest.fixture
def pool(make_pool: Callable[..., Pool]) -> Pool:
    return make_pool(**EMAIL, client={"PreventUserExistenceErrors": "ENABLED"})


@pytest.fixture(params=["confirmation", "reset", "reset by administrator", "verification"])
def enter(request: pytest.FixtureRequest, pool: Pool) -> Entry:
    """Send a code to the address; return a function that enters a code and returns the error."""
    names, anybody = {"ClientId": pool.client_id, "Username": ADDRESS}, pool.anybody
    if request.param == "confirmation":
        pool.sign_up(ADDRESS)
        return lambda code: error_of(anybody.confirm_sign_up, **names, ConfirmationCode=code)
    pool.make_user(ADDRESS)
    if request.param == "verification":
        token = {"AccessToken": pool.sign_in(ADDRESS)["AccessToken"], "AttributeName": "email"}
        anybody.get_user_attribute_verification_code(**token)
        return lambda code: error_of(anybody.verify_user_attribute, **token, Code=code)
    if request.param == "reset":
        anybody.forgot_password(**names)
    else:
        pool.administrator.admin_reset_user_password(UserPoolId=pool.pool_id, Username=ADDRESS)
    new = {**names, "Password": OTHER_PASSWORD}
    return lambda code: error_of(anybody.confirm_forgot_password, **new, ConfirmationCode=code)


def test_the_code_from_the_mail_is_taken_once(pool: Pool, enter: Entry) -> None:
    code = pool.code_for(ADDRESS)

    told = [enter(code), enter(code)]

    assert told[0] == ""
    assert told[1] in ("ExpiredCodeException", "NotAuthorizedException")


def test_no_constant_is_a_code(pool: Pool, enter: Entry) -> None:
    guesses = [code for code in CONSTANTS if code != pool.code_for(ADDRESS)]

    told = {enter(code) for code in guesses}

    assert told == {"CodeMismatchException"}


def test_after_a_few_wrong_codes_no_code_is_taken(pool: Pool, enter: Entry) -> None:
    code = pool.code_for(ADDRESS)

    told = [enter(other_than(code)) for _ in range(WRONG_ENTRIES_AN_HOUR)]

    assert set(told) == {"CodeMismatchException"}
    assert enter(code) == "LimitExceededException"


def test_guessing_at_once_gives_no_more_attempts(pool: Pool, enter: Entry) -> None:
    code = pool.code_for(ADDRESS)

    with ThreadPoolExecutor(16) as guessers:
        told = list(guessers.map(enter, [other_than(code)] * 64))

    assert told.count("CodeMismatchException") == WRONG_ENTRIES_AN_HOUR
    assert told.count("LimitExceededException") == len(told) - WRONG_ENTRIES_AN_HOUR


def test_entering_the_code_twice_at_once_uses_it_once(pool: Pool, enter: Entry) -> None:
    code = pool.code_for(ADDRESS)

    with ThreadPoolExecutor(8) as people:
        told = list(people.map(enter, [code] * 8))

    assert told.count("") == 1


def test_the_code_of_one_user_is_not_anothers(pool: Pool) -> None:
    pool.sign_up(ADDRESS)
    pool.sign_up("bob@example.com")
    mine, bobs = pool.code_for(ADDRESS), pool.code_for("bob@example.com")

    told = error_of(
        pool.anybody.confirm_sign_up, ClientId=pool.client_id, Username="bob@example.com", ConfirmationCode=mine
    )

    assert told == ("" if mine == bobs else "CodeMismatchException")


def test_another_code_can_be_had_and_ends_the_last_one(pool: Pool) -> None:
    names = {"ClientId": pool.client_id, "Username": ADDRESS}
    pool.sign_up(ADDRESS)

    pool.anybody.resend_confirmation_code(**names)

    new, old = pool.codes_for(ADDRESS)
    assert error_of(pool.anybody.confirm_sign_up, **names, ConfirmationCode=old) == "CodeMismatchException"
    assert error_of(pool.anybody.confirm_sign_up, **names, ConfirmationCode=new) == ""
    assert error_of(pool.anybody.resend_confirmation_code, **names) == "InvalidParameterException"


def test_codes_are_not_asked_for_without_end(pool: Pool) -> None:
    pool.make_user(ADDRESS)

    told = [
        error_of(pool.anybody.forgot_password, ClientId=pool.client_id, Username=ADDRESS)
        for _ in range(REQUESTS_AN_HOUR + 1)
    ]

    assert told == [""] * REQUESTS_AN_HOUR + ["LimitExceededException"]


def test_a_code_before_one_was_sent_is_no_code(pool: Pool) -> None:
    pool.make_user(ADDRESS)
    names = {"ClientId": pool.client_id, "Username": ADDRESS}

    told = {
        error_of(pool.anybody.confirm_forgot_password, **names, ConfirmationCode=code, Password=OTHER_PASSWORD)
        for code in CONSTANTS
    }

    assert told == {"ExpiredCodeException"}
    assert pool.sign_in(ADDRESS)["AccessToken"]


def test_a_password_that_is_refused_uses_no_code(pool: Pool) -> None:
    pool.make_user(ADDRESS)
    names = {"ClientId": pool.client_id, "Username": ADDRESS}
    pool.anybody.forgot_password(**names)
    entry: dict[str, Any] = {**names, "ConfirmationCode": pool.code_for(ADDRESS)}

    refused = error_of(pool.anybody.confirm_forgot_password, **entry, Password="simple")

    assert refused == "InvalidPasswordException"
    assert error_of(pool.anybody.confirm_forgot_password, **entry, Password=OTHER_PASSWORD) == ""
    assert pool.sign_in(ADDRESS, OTHER_PASSWORD)["AccessToken"]
    assert error_of(pool.sign_in, username=ADDRESS, password=PASSWORD) == "NotAuthorizedException"


def test_a_confirmed_sign_up_has_a_verified_address(pool: Pool) -> None:
    pool.sign_up(ADDRESS)
    code = pool.code_for(ADDRESS)

    pool.anybody.confirm_sign_up(ClientId=pool.client_id, Username=ADDRESS, ConfirmationCode=code)

    user = pool.anybody.get_user(AccessToken=pool.sign_in(ADDRESS)["AccessToken"])
    assert {"Name": "email_verified", "Value": "true"} in user["UserAttributes"]


def test_no_code_is_in_the_servers_log(pool: Pool) -> None:
    addresses = [f"{name}@example.com" for name in ("ada", "bob", "eve")]
    for address in addresses:
        pool.sign_up(address)
        pool.anybody.forgot_password(ClientId=pool.client_id, Username=address)
        pool.anybody.confirm_sign_up(
            ClientId=pool.client_id, Username=address, ConfirmationCode=pool.codes_for(address)[1]
        )

    said = (pool.directory / "server.log").read_text(encoding="utf-8")

    codes = [code for address in addresses for code in pool.codes_for(address)]
    assert len(codes) == 6
    assert [code for code in codes if code in said] == []
