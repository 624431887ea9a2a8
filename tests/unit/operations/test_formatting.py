"""Money, times, columns and AWS errors, formatted for people."""

import json
import re
from typing import Any

import pytest
from orders.domain.money import _EXPONENTS, Money

from deployment.repository_paths import ROOT
from environments.currencies import EXPONENTS, money
from operations import timestamps
from operations.aws_errors import explain_error
from operations.commands.columns import align_columns, count_text

CURRENCIES = ROOT / "environments" / "currencies.json"


@pytest.mark.parametrize("currency", ["EUR", *EXPONENTS])
@pytest.mark.parametrize("amount", [0, 5, 99, 100, 1250, 123456, -250])
def test_money_is_written_as_the_announcements_write_it(currency: str, amount: int) -> None:
    assert money(amount, currency) == str(Money(amount, currency))


def test_functions_and_page_ship_the_same_currencies() -> None:
    page = (ROOT / "web" / "src" / "orders" / "money.ts").read_text(encoding="utf-8")

    imported = re.findall(r"import EXPONENTS from '(.+\.json)'", page)

    assert [(ROOT / "web" / "src" / "orders" / path).resolve() for path in imported] == [CURRENCIES]
    assert EXPONENTS == _EXPONENTS == json.loads(CURRENCIES.read_text(encoding="utf-8"))


def test_moments_go_both_ways() -> None:
    at = timestamps.parse_time("2026-01-01T00:00:00.007Z")

    assert timestamps.time_text(at) == "2026-01-01 00:00:00.007Z"


@pytest.mark.parametrize(
    "held", ["yesterday", "", 7, None, ["2026"], "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59"]
)
def test_what_a_row_holds_for_a_moment_is_told_as_it_is_when_it_is_none(held: Any) -> None:
    row = {"created_at": held}

    assert (timestamps.attribute_time(row, "created_at"), timestamps.attribute_text(row, "created_at")) == (
        None,
        str(held),
    )
    assert (timestamps.attribute_time(row, "updated_at"), timestamps.attribute_text(row, "updated_at")) == (None, "-")


@pytest.mark.parametrize("at", [10**18, -(10**18)])
def test_a_number_that_no_calendar_has_is_told_as_it_is(at: int) -> None:
    assert timestamps.time_text(at) == f"{at} ms"


def test_an_order_id_tells_when_it_was_made() -> None:
    assert timestamps.ulid_time("01ARZ3NDEKTSV4RRFFQ69G5FAV") == 1_469_922_850_259
    assert timestamps.ulid_time("nonsense") is None
    assert timestamps.prefix_time("01AR") == timestamps.ulid_time("01AR0000000000000000000000")
    assert [timestamps.prefix_time(typed) for typed in ("", "8", "01I", "01ar", "0" * 27)] == [None] * 5


@pytest.mark.parametrize(
    ("milliseconds", "words"),
    [(-5, "0 s"), (59_999, "59 s"), (60_000, "1 min"), (7_200_000, "2 h"), (200_000_000, "2 d")],
)
def test_a_span_is_told_in_its_largest_unit(milliseconds: int, words: str) -> None:
    assert timestamps.duration_text(milliseconds) == words


def test_columns_are_aligned() -> None:
    assert align_columns([("A", "B"), ("long", "x")], indent=1) == " A     B\n long  x"
    assert count_text(1, "message") + count_text(0, "message") == "1 message0 messages"


class ClientError(Exception):
    """A stand-in for botocore's error."""

    def __init__(self, code: str) -> None:
        super().__init__(f"({code})")
        self.response = {"Error": {"Code": code}}


@pytest.mark.parametrize(
    ("error", "beginning"),
    [
        (ClientError("AccessDeniedException"), "not allowed: "),
        (ClientError("AWS.SimpleQueueService.NonExistentQueue"), "not deployed there: "),
        (ClientError("AuthorizationError"), "not allowed: "),
        (ClientError("NotFound"), "not deployed there: "),
        (ClientError("ExpiredToken"), "AWS refuses these credentials: "),
        (ClientError("Throttling"), "AWS refused: "),
        (type("NoCredentialsError", (Exception,), {})("none"), "no usable AWS credentials: none"),
        (type("EndpointConnectionError", (Exception,), {})("x"), "AWS can't be reached: x"),
        (type("AnyOther", (type("BotoCoreError", (Exception,), {}),), {})("x"), "AWS can't be called: x"),
    ],
)
def test_what_aws_says_is_one_line_that_helps(error: Exception, beginning: str) -> None:
    assert (explain_error(error) or "").startswith(beginning)


def test_a_fault_of_ones_own_is_not_explained_away() -> None:
    assert explain_error(KeyError("x")) is None
