"""An administrator applies the plan that was shown, and a bootstrap's plan removes nothing."""

from pathlib import Path

import pytest

from deployment import bootstrap, delivery_roles
from deployment.exact_plan import exact_plan
from environments.user_error import UserError
from tests.unit.support.planned_stack import PlannedStack
from tests.unit.support.plans import Plan, resource


def refused(_: str) -> str:
    raise AssertionError("nobody is asked")


def test_a_plan_is_for_its_owners_eyes_and_gone_afterwards(tmp_path: Path) -> None:
    stack = PlannedStack(tmp_path)

    with exact_plan(stack) as made:
        assert made.file.stat().st_mode & 0o777 == 0o600
        assert made.file.parent.stat().st_mode & 0o777 == 0o700

    assert list(tmp_path.iterdir()) == [tmp_path / "plan.json"]


def test_a_command_that_plans_meanwhile_has_a_file_of_its_own(tmp_path: Path) -> None:
    stack = PlannedStack(tmp_path)

    with exact_plan(stack) as first, exact_plan(stack) as second:
        assert first.file != second.file


def test_a_plan_with_what_no_stack_has_isnt_applied(tmp_path: Path) -> None:
    stack = PlannedStack(tmp_path, {**resource("aws_lambda_invocation.a", "create"), "type": "aws_lambda_invocation"})

    with pytest.raises(UserError, match="of a type that this stack never has"):
        bootstrap._apply(stack, confirm=refused)

    assert not stack.applied
    assert not stack.leaves_files


@pytest.mark.parametrize(
    ("actions", "doing"),
    [
        (["delete"], "destroy"),
        (["delete", "create"], "replace"),
        (["create", "delete"], "replace"),
        (["forget"], "forget"),
        (["create", "forget"], "replace"),
    ],
)
def test_a_bootstrap_that_would_remove_anything_is_refused_in_one_line(
    tmp_path: Path, actions: list[str], doing: str
) -> None:
    address = 'aws_s3_bucket.old["\n\x1b"]'
    stack = PlannedStack(tmp_path, resource("aws_s3_bucket.new", "create"), resource(address, *actions))

    with pytest.raises(UserError) as said:
        bootstrap._apply(stack, confirm=lambda _: "yes")

    assert str(said.value).startswith(
        rf'the plan of state-dev would {doing} aws_s3_bucket.old["\n\x1b"], and a bootstrap removes nothing: nothing'
    )
    assert not stack.applied


@pytest.mark.parametrize(
    "change",
    [resource("aws_s3_bucket.a", "create"), resource("aws_s3_bucket.a", "update", importing={"id": "a"})],
    ids=["made", "imported"],
)
def test_a_bootstrap_makes_what_is_missing_without_a_question(tmp_path: Path, change: Plan) -> None:
    stack = PlannedStack(tmp_path, change)

    bootstrap._apply(stack, confirm=refused)

    assert stack.applied


def test_a_bootstrap_without_changes_applies_nothing(tmp_path: Path) -> None:
    stack = PlannedStack(tmp_path)

    bootstrap._apply(stack, confirm=refused)

    assert not stack.applied


@pytest.mark.parametrize(("answer", "applied"), [("yes", True), ("", False), ("y", False)])
def test_a_bootstrap_asks_before_it_changes_what_is_there(tmp_path: Path, answer: str, applied: bool) -> None:
    stack = PlannedStack(tmp_path, resource("aws_s3_bucket.a", "update"))
    questions = []

    def confirm(question: str) -> str:
        questions.append(question)
        return answer

    if applied:
        bootstrap._apply(stack, confirm=confirm)
    else:
        with pytest.raises(UserError, match=r"^state-dev was left as it is$"):
            bootstrap._apply(stack, confirm=confirm)

    assert questions == ["Type yes to change aws_s3_bucket.a: "]
    assert bool(stack.applied) is applied


@pytest.mark.parametrize(("answer", "applied"), [("yes", True), ("", False), ("no", False)])
def test_the_roles_of_github_are_applied_as_they_were_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: str, applied: bool
) -> None:
    stack = PlannedStack(tmp_path, resource("aws_s3_bucket.a", "update"))
    monkeypatch.setattr(delivery_roles, "synthesized", lambda *_: stack)

    if applied:
        delivery_roles.apply("dev", confirm=lambda _: answer)
    else:
        with pytest.raises(UserError, match=r"^delivery-111111111111 was left as it is$"):
            delivery_roles.apply("dev", confirm=lambda _: answer)

    assert bool(stack.applied) is applied
    assert not stack.leaves_files


@pytest.mark.parametrize("named", [True, False])
def test_a_delivery_stack_removes_what_holds_data_only_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, named: bool
) -> None:
    stack = PlannedStack(tmp_path, resource("aws_s3_bucket.a", "delete"))
    monkeypatch.setattr(delivery_roles, "synthesized", lambda *_: stack)
    monkeypatch.setenv("ALLOW_REPLACE", "aws_s3_bucket.a" if named else "")

    if named:
        delivery_roles.apply("dev", confirm=lambda _: "yes")
    else:
        with pytest.raises(UserError, match=r"aws_s3_bucket\.a, which holds data"):
            delivery_roles.apply("dev", confirm=lambda _: "yes")

    assert bool(stack.applied) is named
