"""A deployment and a removal apply the plan that was shown, and a deployment loses no data unless that is named."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from deployment import deploy, exact_plan
from deployment.deploy import deploy_or_destroy
from environments.user_error import UserError
from tests.unit.support.planned_stack import FILE, PlannedStack
from tests.unit.support.plans import Plan, resource
from tests.unit.support.user import User

CREATED = resource("aws_s3_bucket.a", "create")
DELETED = resource("aws_s3_bucket.a", "delete", before={})
APPROVED = ["--auto-approve"]
STACKS = ["orders-dev", "web-dev"]
Planned = Callable[..., PlannedStack]


@pytest.fixture
def planned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Planned:
    """Return a maker of the API's stack, whose plan the page's stack has too."""
    monkeypatch.delenv("ALLOW_REPLACE", raising=False)

    def make(*changes: Plan) -> PlannedStack:
        stack = PlannedStack(tmp_path, *changes, name="orders-dev")
        monkeypatch.setattr(deploy, "synthesized", lambda *_, **__: stack)
        return stack

    return make


def change(command: str, *options: str, confirm: User | None = None, environment: str = "dev") -> None:
    deploy_or_destroy(command, environment, options, aws={}, confirm=confirm)


def test_a_deployment_plans_once_shows_that_and_applies_that_file_on_a_typed_yes(planned: Planned) -> None:
    stack, user = planned(CREATED), User("yes")

    change("deploy", confirm=user)

    assert user.asked == ["Type yes to deploy orders-dev: ", "Type yes to deploy web-dev: "]
    assert stack.asked == [
        asked
        for name in STACKS
        for asked in [
            (name, "init", "-reconfigure"),
            (name, "plan", "-input=false", "-detailed-exitcode", "-out", FILE),
            (name, "apply", "-input=false", FILE),
        ]
    ]


def test_only_the_api_has_variables(planned: Planned) -> None:
    stack = planned(CREATED)

    change("deploy", "--var", "a=b", "--var=c=-d e", *APPROVED)

    variables = [[one for one in asked if one.startswith("-var")] for asked in stack.asked if asked[1] == "plan"]
    assert variables == [["-var=a=b", "-var=c=-d e"], []]


@pytest.mark.parametrize("options", [[], APPROVED], ids=["asked", "approved"])
def test_a_deployment_that_would_lose_data_is_refused_in_one_line_and_nobody_is_asked(
    planned: Planned, options: list[str]
) -> None:
    stack, user = planned(DELETED), User("yes")

    with pytest.raises(UserError) as refused:
        change("deploy", *options, confirm=user)

    assert str(refused.value) == (
        "the plan would destroy aws_s3_bucket.a, which holds data; if that is meant, set ALLOW_REPLACE=aws_s3_bucket.a"
    )
    assert (user.asked, stack.applied) == ([], [])
    assert not stack.leaves_files


def test_data_is_lost_only_where_its_address_is_named(planned: Planned, monkeypatch: pytest.MonkeyPatch) -> None:
    stack = planned(DELETED)
    monkeypatch.setenv("ALLOW_REPLACE", "aws_s3_bucket.a")

    with pytest.raises(UserError, match=r"set ALLOW_REPLACE=web/aws_s3_bucket\.a$"):
        change("deploy", *APPROVED)
    assert stack.applied == ["orders-dev"]

    monkeypatch.setenv("ALLOW_REPLACE", "aws_s3_bucket.a, web/aws_s3_bucket.a")
    change("deploy", *APPROVED)
    assert stack.applied == ["orders-dev", *STACKS]


def test_a_name_that_the_plan_does_not_lose_is_refused(planned: Planned, monkeypatch: pytest.MonkeyPatch) -> None:
    stack = planned(CREATED)
    monkeypatch.setenv("ALLOW_REPLACE", "aws_s3_bucket.b")

    with pytest.raises(UserError, match=r"^ALLOW_REPLACE names aws_s3_bucket\.b, which the plan neither"):
        change("deploy", *APPROVED)

    assert stack.applied == []


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        *(("deploy", answer) for answer in ("", "no", "y", "Yes", "orders-dev")),
        *(("destroy", answer) for answer in ("", "yes", "dev", "web-prod")),
    ],
)
def test_any_other_answer_changes_nothing(planned: Planned, command: str, answer: str) -> None:
    stack = planned(CREATED if command == "deploy" else DELETED)

    with pytest.raises(UserError) as error:
        change(command, confirm=User(answer))

    assert str(error.value) == f"{'orders' if command == 'deploy' else 'web'}-dev was left as it is"
    assert stack.applied == []
    assert not stack.leaves_files


@pytest.mark.parametrize("command", ["deploy", "destroy"])
def test_where_nothing_would_change_nobody_is_asked(planned: Planned, command: str) -> None:
    stack, user = planned(), User("yes")

    change(command, confirm=user)

    assert (user.asked, stack.applied) == ([], [])


def test_a_removal_is_shown_and_what_was_shown_is_removed_once_the_stacks_name_is_typed(planned: Planned) -> None:
    stack = planned(DELETED)
    user = User(*reversed(STACKS))

    change("destroy", confirm=user)

    assert user.asked == ["Type web-dev to destroy web-dev: ", "Type orders-dev to destroy orders-dev: "]
    assert stack.applied == ["web-dev", "orders-dev"]
    assert all("-destroy" in asked for asked in stack.asked if asked[1] == "plan")


def test_each_stack_is_asked_for(planned: Planned) -> None:
    stack = planned(DELETED)

    with pytest.raises(UserError, match=r"^orders-dev was left as it is$"):
        change("destroy", confirm=User("web-dev"))

    assert stack.applied == ["web-dev"]


@pytest.mark.parametrize("command", ["deploy", "destroy"])
def test_without_a_terminal_only_the_option_approves(planned: Planned, command: str) -> None:
    stack = planned(CREATED)

    with pytest.raises(UserError) as error:
        change(command)

    assert (
        str(error.value)
        == f"there is no terminal to ask: {command} needs APPROVE=yes here (without make: --auto-approve)"
    )
    assert stack.asked == []


@pytest.mark.parametrize(
    ("command", "options", "said"),
    [
        ("deploy", ["--skip-synth"], "got '--skip-synth': it is Terraform that does it, not cdktf"),
        ("deploy", ["--output=x"], "got '--output=x': it is Terraform that does it, not cdktf"),
        ("deploy", ["web-dev"], "got 'web-dev': it is Terraform that does it, not cdktf"),
        ("deploy", ["--auto"], "got '--auto': it is Terraform that does it, not cdktf"),
        ("deploy", ["--var"], "argument --var: expected one argument"),
        ("destroy", ["--var", "a=b"], "got '--var': it is Terraform that does it, not cdktf"),
    ],
)
def test_another_option_is_refused_in_one_line(planned: Planned, command: str, options: list[str], said: str) -> None:
    stack = planned(CREATED)

    with pytest.raises(UserError) as refused:
        change(command, *options, *APPROVED)

    taken = "--auto-approve and --var NAME=VALUE" if command == "deploy" else "--auto-approve"
    assert str(refused.value) == f"{command} takes {taken}; {said}"
    assert stack.asked == []


@pytest.mark.parametrize(("command", "doing"), [("deploy", "Deploying"), ("destroy", "Destroying")])
def test_what_terraform_says_goes_on_and_how_far_it_is_is_shown(
    planned: Planned,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    command: str,
    doing: str,
) -> None:
    changes = [resource(f"aws_s3_bucket.{name}", "no-op", importing={}) for name in "ab"]
    planned(*changes, resource("aws_s3_bucket.c", "update"), resource("aws_s3_bucket.d", "read"))
    shown: list[str] = []

    @contextmanager
    def showing(now: Callable[[], str]) -> Iterator[None]:
        yield
        shown.append(now())

    monkeypatch.setattr(exact_plan, "show_progress", showing)

    change(command, *APPROVED)

    expected = [f"{doing} {stack}: 0 of 3, waiting for s3_bucket a" for stack in STACKS]
    assert shown == (expected if command == "deploy" else expected[::-1])
    assert capsys.readouterr().out == "aws_s3_bucket.a_495C13F1: Creating...\n" * 2


@pytest.mark.parametrize(
    ("command", "environment", "warned"), [("deploy", "prod", 1), ("deploy", "dev", 0), ("destroy", "prod", 0)]
)
def test_a_deployment_warns_where_alarms_reach_nobody(
    planned: Planned, capsys: pytest.CaptureFixture[str], command: str, environment: str, warned: int
) -> None:
    planned()

    change(command, *APPROVED, environment=environment)

    said = capsys.readouterr().err
    assert said.count("warning: environments.toml [prod] alarm_emails: got nobody") == warned
    assert said.count("warning: environments.toml [prod] mail_identity_arn, mail_from: got no sender") == warned
