"""Codes are random, work once and for a limited time, and allow few attempts."""

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from emulator.ministack import one_time_codes
from emulator.ministack.one_time_codes import (
    CONFIRMATION,
    HOUR_SECONDS,
    REQUESTS_AN_HOUR,
    RESET,
    VERIFICATION,
    WRONG_ENTRIES_AN_HOUR,
    NoCode,
    Purpose,
    TooManyAttempts,
    WrongCode,
)

NOW = 1_000_000.0
TO = "anna@example.com"
HOURS = {CONFIRMATION: 24, VERIFICATION: 24, RESET: 1}


@pytest.fixture
def user() -> dict[str, Any]:
    return {}


def other_than(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"


def enter_wrong_codes(user: dict[str, Any], right: str, times: int) -> None:
    for _ in range(times):
        with pytest.raises(WrongCode):
            one_time_codes.use_code(user, RESET, other_than(right), to=TO, now=NOW)


@pytest.mark.parametrize("purpose", list(HOURS), ids=lambda purpose: purpose.name)
def test_a_code_is_good_for_the_address_that_it_went_to(user: dict[str, Any], purpose: Purpose) -> None:
    code = one_time_codes.issue(user, purpose, to="bob@example.com", now=NOW)

    with pytest.raises(NoCode):
        one_time_codes.use_code(user, purpose, code, to=TO, now=NOW)
    one_time_codes.use_code(user, purpose, code, to="bob@example.com", now=NOW)


def test_codes_are_six_digits_and_differ() -> None:
    codes = [one_time_codes.issue({}, CONFIRMATION, to=TO, now=NOW) for _ in range(200)]

    assert all(len(code) == 6 and code.isdecimal() for code in codes)
    assert len(set(codes)) > 190


def test_a_code_is_good_once(user: dict[str, Any]) -> None:
    code = one_time_codes.issue(user, RESET, to=TO, now=NOW)

    one_time_codes.use_code(user, RESET, code, to=TO, now=NOW)

    with pytest.raises(NoCode):
        one_time_codes.use_code(user, RESET, code, to=TO, now=NOW)


@pytest.mark.parametrize(("purpose", "hours"), HOURS.items())
def test_a_code_is_good_for_a_while(user: dict[str, Any], purpose: Purpose, hours: int) -> None:
    over = NOW + hours * HOUR_SECONDS
    code = one_time_codes.issue(user, purpose, to=TO, now=NOW)

    with pytest.raises(NoCode):
        one_time_codes.use_code(user, purpose, code, to=TO, now=over)

    one_time_codes.use_code(user, purpose, code, to=TO, now=over - 1)


def test_a_new_code_ends_the_last_one(user: dict[str, Any]) -> None:
    old = one_time_codes.issue(user, RESET, to=TO, now=NOW)
    new = one_time_codes.issue(user, RESET, to=TO, now=NOW)

    with pytest.raises(WrongCode):
        one_time_codes.use_code(user, RESET, old, to=TO, now=NOW)
    one_time_codes.use_code(user, RESET, new, to=TO, now=NOW)


def test_a_code_is_for_its_purpose_only(user: dict[str, Any]) -> None:
    code = one_time_codes.issue(user, VERIFICATION, to=TO, now=NOW)

    with pytest.raises(NoCode):
        one_time_codes.use_code(user, RESET, code, to=TO, now=NOW)


def test_after_a_few_wrong_codes_the_right_one_is_not_taken_either(user: dict[str, Any]) -> None:
    code = one_time_codes.issue(user, RESET, to=TO, now=NOW)
    enter_wrong_codes(user, code, WRONG_ENTRIES_AN_HOUR)

    with pytest.raises(TooManyAttempts):
        one_time_codes.use_code(user, RESET, code, to=TO, now=NOW)


def test_a_new_code_gives_no_new_attempts(user: dict[str, Any]) -> None:
    enter_wrong_codes(user, one_time_codes.issue(user, RESET, to=TO, now=NOW), WRONG_ENTRIES_AN_HOUR)
    code = one_time_codes.issue(user, RESET, to=TO, now=NOW)

    with pytest.raises(TooManyAttempts):
        one_time_codes.use_code(user, RESET, code, to=TO, now=NOW)


def test_an_hour_later_there_are_attempts_again(user: dict[str, Any]) -> None:
    enter_wrong_codes(user, one_time_codes.issue(user, RESET, to=TO, now=NOW), WRONG_ENTRIES_AN_HOUR)
    later = NOW + HOUR_SECONDS
    code = one_time_codes.issue(user, RESET, to=TO, now=later)

    one_time_codes.use_code(user, RESET, code, to=TO, now=later)


def test_the_last_attempt_may_be_right(user: dict[str, Any]) -> None:
    code = one_time_codes.issue(user, RESET, to=TO, now=NOW)
    enter_wrong_codes(user, code, WRONG_ENTRIES_AN_HOUR - 1)

    one_time_codes.use_code(user, RESET, code, to=TO, now=NOW)


def test_codes_are_not_asked_for_without_end(user: dict[str, Any]) -> None:
    for _ in range(REQUESTS_AN_HOUR):
        one_time_codes.issue(user, RESET, to=TO, now=NOW)

    with pytest.raises(TooManyAttempts):
        one_time_codes.issue(user, RESET, to=TO, now=NOW)


@pytest.mark.parametrize("entered", ["", "1234567", "١٢٣٤٥٦", "\ud800", "é"])
def test_whatever_is_entered_is_a_wrong_code(user: dict[str, Any], entered: str) -> None:
    one_time_codes.issue(user, RESET, to=TO, now=NOW)

    with pytest.raises(WrongCode):
        one_time_codes.use_code(user, RESET, entered, to=TO, now=NOW)


def test_guessing_at_once_gives_no_more_attempts(user: dict[str, Any]) -> None:
    def compare() -> bool:
        time.sleep(0.001)  # lets the other guessers run
        return False

    def guess(_: int) -> type[Exception]:
        try:
            one_time_codes.check_entry(user, "code", compare, now=NOW)
        except (TooManyAttempts, WrongCode) as error:
            return type(error)
        return Exception

    with ThreadPoolExecutor(16) as guessers:
        told = list(guessers.map(guess, range(64)))

    assert told.count(WrongCode) == WRONG_ENTRIES_AN_HOUR
    assert told.count(TooManyAttempts) == len(told) - WRONG_ENTRIES_AN_HOUR


@pytest.mark.parametrize("purpose", HOURS)
def test_a_code_is_open_until_it_is_used_or_its_time_is_over(user: dict[str, Any], purpose: Purpose) -> None:
    before = one_time_codes.unused_code(user, purpose, now=NOW)
    code = one_time_codes.issue(user, purpose, to=TO, now=NOW)
    ends = NOW + HOURS[purpose] * HOUR_SECONDS

    found = [one_time_codes.unused_code(user, purpose, now=now) for now in (NOW, ends - 1, ends)]

    one_time_codes.use_code(user, purpose, code, to=TO, now=NOW)
    assert (before, found) == (None, [code, code, None])
    assert one_time_codes.unused_code(user, purpose, now=NOW) is None
