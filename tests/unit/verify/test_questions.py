"""An AWS account's answer is expected, unexpected, or one with which the code doesn't work."""

import inspect
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import Any, cast
from unittest.mock import Mock

import pytest
from botocore.exceptions import ClientError
from gql.transport.exceptions import TransportQueryError

from environments.settings import Settings, settings_of
from verify import account_questions, api_questions, user_pool_questions
from verify.customer import Customer, GraphqlError
from verify.question_context import QuestionContext
from verify.questions import QUESTIONS, UNASKABLE, ask_all
from verify.verification_report import Verdict
from verify.verified_environment import VerifiedEnvironment
from verify.watched_order import WatchedOrder

ORDER = {"id": "01K9ZJ2Q7M3W5X8Y4T6V0N1B2C"}


@dataclass
class Answering:
    """A customer to whom the API gives these answers."""

    refusals: list[str] = field(default_factory=list)
    answers: Any = None

    def cancel_order(self, _: str) -> None:
        if self.refusals:
            raise GraphqlError([{"errorType": self.refusals.pop(0)}])

    def answer(self, *_: object) -> Any:
        return self.answers

    def execute(self, *_: object) -> Any:
        if "errors" in self.answers:
            raise GraphqlError(self.answers["errors"])
        return self.answers["data"]


@dataclass
class Logging:
    """An account with one API, whose log has these lines."""

    lines: list[str]
    settings: Settings = field(default_factory=lambda: settings_of("prod"))

    def client(self, _: str) -> Any:
        return self

    def get_paginator(self, _: str) -> Any:
        return self

    def paginate(self, *, filterPattern: str = "", **_: object) -> list[Any]:  # noqa: N803
        events = [line for line in self.lines if filterPattern.strip('"') in line]
        return [{"graphqlApis": [{"name": "orders-prod-api", "apiId": "abc"}], "events": events}]


def context(
    customer: Answering | None = None,
    *,
    heard: tuple[str, ...] = ("PAYING", "PAID"),
    without_id: list[str] | None = None,
    is_public: bool = False,
) -> QuestionContext:
    watched = WatchedOrder(ORDER, list(heard), without_id, needed_second_order=not heard)
    who: Any = customer or Answering()
    return QuestionContext(
        target=cast(VerifiedEnvironment, None), customer=who, watched=watched, began_at=0, is_public=is_public
    )


@pytest.mark.parametrize(
    ("heard", "verdict"),
    [
        (("PAYING", "PAID"), Verdict.EXPECTED),
        (("PENDING", "PAYING", "PAID"), Verdict.EXPECTED),
        (("PAID",), Verdict.OTHER),
        ((), Verdict.OTHER),
    ],
)
def test_events_that_got_lost_after_start_ack_are_told(heard: tuple[str, ...], verdict: Verdict) -> None:
    assert api_questions.events_after_start_ack(context(heard=heard)).verdict is verdict


@pytest.mark.parametrize(
    ("refusal", "verdict"), [(TransportQueryError("no"), Verdict.EXPECTED), (None, Verdict.BROKEN)]
)
def test_who_subscribes_to_another_by_skipping_the_field_has_to_be_refused(
    monkeypatch: pytest.MonkeyPatch, refusal: Exception | None, verdict: Verdict
) -> None:
    asked = []

    @asynccontextmanager
    async def subscription(*_: object, **given: str) -> AsyncIterator[None]:
        asked.append(given)
        if refusal:
            raise refusal
        yield

    monkeypatch.setattr(api_questions, "subscription", subscription)

    assert api_questions.skipped_subscription_field(replace(context(), target=Mock())).verdict is verdict
    assert "@skip(if: true)" in asked[0]["document"]


@pytest.mark.parametrize(
    ("heard", "without_id", "verdict"),
    [
        (("PAYING", "PAID"), ["PAYING", "PAID"], Verdict.EXPECTED),
        (("PAYING", "PAID"), [], Verdict.OTHER),
        (("PAYING", "PAID"), None, Verdict.OTHER),
        ((), [], Verdict.NOT_ASKED),
    ],
    ids=["filters nothing", "is null", "is refused", "nobody heard anything"],
)
def test_an_unset_variable_of_a_subscription_works_either_way(
    heard: tuple[str, ...], without_id: list[str] | None, verdict: Verdict
) -> None:
    assert api_questions.unset_subscription_variable(context(heard=heard, without_id=without_id)).verdict is verdict


@pytest.mark.parametrize(
    ("refusals", "verdict"),
    [
        (["OrderNotChangeable", "OrderNotFound"], Verdict.WORKS),
        (["OrderNotFound", "OrderNotFound"], Verdict.BROKEN),
        (["OrderNotChangeable"], Verdict.BROKEN),
    ],
)
def test_a_failed_condition_that_gives_a_wrong_refusal_is_a_failure(refusals: list[str], verdict: Verdict) -> None:
    assert api_questions.failed_conditions(context(Answering(refusals))).verdict is verdict


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        ({"data": {"orders": [ORDER]}}, Verdict.WORKS),
        ({"data": {"orders": []}}, Verdict.BROKEN),
        ({"errors": [{"errorType": "DynamoDB:ValidationException"}]}, Verdict.BROKEN),
    ],
)
def test_an_unset_variable_of_a_query_that_breaks_the_list_is_a_failure(answer: Any, verdict: Verdict) -> None:
    assert api_questions.unset_query_variables(context(Answering(answers=answer))).verdict is verdict


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        ({"errors": [{"message": "Cannot query field 'nothing' on type 'Order'."}]}, Verdict.EXPECTED),
        ({"errors": [{"message": "Validation error of type FieldUndefined: …"}]}, Verdict.OTHER),
        ({"data": {"orders": []}}, Verdict.BROKEN),
    ],
)
def test_other_words_are_no_failure_and_no_error_is(answer: Any, verdict: Verdict) -> None:
    assert api_questions.validation_messages(context(Answering(answers=answer))).verdict is verdict


def test_a_question_that_fails_is_told_and_the_others_are_asked() -> None:
    found = ask_all(context(Answering(answers={"errors": [{"message": "x"}]}), without_id=[]))

    assert [one.id for one in found] == [one.id for one in QUESTIONS]
    (failed,) = (one.answer for one in found if one.id == "github-ref-claim")
    assert failed.verdict is Verdict.NOT_ASKED
    assert failed.said.startswith("asking failed: AttributeError: ")


def test_a_run_with_public_apis_alone_reads_no_log() -> None:
    found = {one.id: one.answer for one in ask_all(context(is_public=True, without_id=[]))}

    of_logs = ("log-role-source-account", "query-in-api-log", "workflow-log-streams")
    assert [found[id_].said for id_ in of_logs] == ["this run uses public APIs alone"] * 3


@pytest.mark.parametrize(
    ("lines", "verdict"),
    [
        (["End Request"], Verdict.EXPECTED),
        (["End Request", "GraphQL Query: mutation Post { postOrder(input: $input) { id } }"], Verdict.OTHER),
    ],
)
def test_a_query_in_the_apis_log_is_told(lines: list[str], verdict: Verdict) -> None:
    target: Any = Logging(lines)

    assert account_questions.query_in_log(replace(context(), target=target)).verdict is verdict
    assert account_questions.PLACED.strip('"') in inspect.getsource(Customer.post_order)


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        ({"CodeDeliveryDetails": {"Destination": "n***@e***"}}, Verdict.EXPECTED),
        ({}, Verdict.OTHER),
        (ClientError({"Error": {"Code": "UserNotFoundException"}}, "ResendConfirmationCode"), Verdict.OTHER),
    ],
)
def test_a_code_for_an_address_without_an_account_is_told_either_way(answer: Any, verdict: Verdict) -> None:
    pool = Mock(resend_confirmation_code=Mock(side_effect=[answer]))
    target: Any = SimpleNamespace(unsigned_cognito=pool, outputs={"user_pool_client_id": "abc"})

    assert user_pool_questions.code_for_no_account(replace(context(), target=target)).verdict is verdict


def test_a_question_is_asked_or_has_a_reason_why_not() -> None:
    asked = [one.id for one in QUESTIONS]

    assert len({*asked, *UNASKABLE}) == len(asked) + len(UNASKABLE)
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", id_) for id_ in (*asked, *UNASKABLE))
