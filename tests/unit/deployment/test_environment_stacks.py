"""The page's stack is planned after the API's is deployed, because it reads its outputs."""

import json
from pathlib import Path
from typing import Any

import pytest

from deployment import environment_stacks
from deployment.environment_stacks import is_deployed, read_joined_changes
from environments.user_error import UserError
from tests.unit.support.plans import plan, update
from tests.unit.support.stored_stack import StoredStack


def state(**more: Any) -> bytes:
    return json.dumps({"version": 4, **more}).encode()


@pytest.mark.parametrize(
    ("stack", "expected"),
    [
        (StoredStack(state(outputs={"graphql_url": {"value": "https://a.example"}})), True),
        (StoredStack(state(outputs={}, resources=[])), False),
        (StoredStack(state(outputs=None)), False),
        (StoredStack(refusal="NoSuchKey"), False),
        (StoredStack(refusal="NoSuchBucket"), False),
    ],
    ids=["deployed", "removed again", "without outputs", "never deployed", "no state bucket"],
)
def test_the_api_is_deployed_when_its_state_has_outputs(stack: StoredStack, expected: bool) -> None:
    assert is_deployed(stack) is expected


def test_a_state_that_may_not_be_read_is_an_error() -> None:
    with pytest.raises(UserError, match=r"^orders-dev in eu-central-1: .*AccessDenied"):
        is_deployed(StoredStack(refusal="AccessDenied"))


@pytest.fixture
def plans(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which `make plan` leaves plans."""
    monkeypatch.setattr(environment_stacks, "PLANS", tmp_path)
    return tmp_path


def test_what_the_plans_change_is_read_together(plans: Path) -> None:
    for name in ("dev", "dev.web"):
        (plans / f"{name}.json").write_text(json.dumps(plan(update("aws_sqs_queue.a", {"delay": 0}, {"delay": 5}))))

    found = read_joined_changes("dev")

    assert [one["address"] for one in found["resources"]] == ["aws_sqs_queue.a", "web/aws_sqs_queue.a"]


@pytest.mark.parametrize("others", [[], ["prod"], ["dev.web"]], ids=["none", "another", "the page's"])
def test_no_plan_is_not_a_plan_without_changes(plans: Path, others: list[str]) -> None:
    for name in others:
        (plans / f"{name}.json").write_text(json.dumps(plan()))

    with pytest.raises(UserError) as said:
        read_joined_changes("dev")

    assert str(said.value) == f"there is no plan of dev in {plans}: `make plan ENV=dev` makes it"
