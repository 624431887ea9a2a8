"""A plan that only an administrator may deploy says so, and GitHub's role doesn't start it."""

import json
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest

from deployment import apply_reviewed_plan as applying
from deployment import exact_plan
from deployment import plan as planning
from deployment.plan_changes import changes_of, plan_hash
from deployment.plan_report import report
from deployment.stack import Stack
from environments.user_error import UserError
from tests.unit.support.plans import plan, resource, update

TABLE = {"deletion_protection_enabled": True, "point_in_time_recovery": [{"enabled": True}]}
PLAN = plan({**resource("aws_dynamodb_table.drivers", "create", after=TABLE), "type": "aws_dynamodb_table"})
LINE = (
    "an administrator has to deploy this plan: it makes, changes or removes what holds or guards data, which GitHub's"
    " role may not: aws_dynamodb_table.drivers"
)
KEY = plan({**update("aws_kms_key.data", {"policy": "a"}, {"policy": "b"}), "type": "aws_kms_key"})
ROLE = "arn:aws:sts::333333333333:assumed-role/orders-prod-deploy/deploy-1"
ADMINISTRATOR = "arn:aws:sts::333333333333:assumed-role/administrators/orders-prod-deploy"


class PlannedStack(Stack):
    """A stack with a finished plan, in an account that knows the caller."""

    types = frozenset({"aws_dynamodb_table", "aws_kms_key", "aws_sqs_queue"})

    def initialize(self, *options: str, quiet: bool = False) -> None:
        pass

    def terraform(self, *arguments: str, **_: Any) -> int:
        if arguments[0] == "plan":
            Path(arguments[-1].removeprefix("-out=")).touch()
        else:
            (self.folder / arguments[0]).touch()
        return exact_plan.CHANGES

    def read_terraform(self, *arguments: str) -> str:
        return (self.folder / "plan.json").read_text()

    def client(self, service: str) -> Any:
        assert service == "sts"
        return self

    def get_caller_identity(self) -> dict[str, str]:
        return {"Arn": self.aws["caller"]}

    @property
    def applied(self) -> bool:
        return (self.folder / "apply").exists()


def planned(tmp_path: Path, document: dict[str, Any] = PLAN, *, caller: str = ROLE) -> PlannedStack:
    (tmp_path / "plan.json").write_text(json.dumps(document))
    return PlannedStack("orders-prod", tmp_path, {"caller": caller})


def deploy(stack: Stack, *, allowed: Sequence[str] = ()) -> None:
    """Deploy the reviewed plan."""
    reviewed = plan_hash(changes_of(json.loads(stack.read_terraform())))
    applying.apply_reviewed_plans([stack], "prod", sha256=reviewed, allowed=allowed)


def test_a_plan_of_a_state_that_was_written_over_is_not_applied(tmp_path: Path) -> None:
    stack = planned(tmp_path, plan({**resource("aws_lambda_invocation.a", "delete"), "type": "aws_lambda_invocation"}))

    with pytest.raises(UserError, match="of a type that this stack never has"):
        deploy(stack)

    assert not stack.applied


def test_why_a_plan_is_refused_is_a_line_for_each_resource(tmp_path: Path) -> None:
    lost = resource("aws_kms_key.a\n::add-mask::", "delete", before={})
    stack = planned(tmp_path, plan({**lost, "type": "aws_kms_key"}, {**lost, "type": "aws_kms_key"}))

    with pytest.raises(UserError) as refused:
        planning.plan(stack, to=tmp_path / "prod.json", lock=False, allowed=[])

    lines = str(refused.value).split("\n")
    assert len(lines) == 2
    assert all(line.startswith(r"the plan would destroy aws_kms_key.a\n::add-mask::, which") for line in lines)


def test_a_plan_for_an_administrator_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    planning.plan(planned(tmp_path), to=tmp_path / "prod.json", lock=False, allowed=[])

    assert capsys.readouterr().err == f"warning: {LINE}\n"


def test_the_report_of_a_plan_for_an_administrator_says_so() -> None:
    text = report("prod", changes_of(PLAN), sha256="0")

    line = LINE.replace("aws_dynamodb_table.drivers", "<code>aws_dynamodb_table.drivers</code>")
    assert f"<p><b>Warning</b>: {line}</p>" in text.splitlines()


def test_githubs_role_does_not_begin_with_what_is_an_administrators(tmp_path: Path) -> None:
    stack = planned(tmp_path)

    with pytest.raises(UserError) as refused:
        deploy(stack)

    assert str(refused.value) == f"nothing was deployed: {LINE}; `make deploy ENV=prod` deploys it"
    assert not stack.applied


@pytest.mark.parametrize("allowed", [[], ["aws_kms_key.data"]], ids=["unnamed", "named"])
def test_an_administrator_too_removes_what_holds_data_only_by_name(tmp_path: Path, allowed: list[str]) -> None:
    lost = plan({**resource("aws_kms_key.data", "delete", before={}), "type": "aws_kms_key"})
    stack = planned(tmp_path, lost, caller=ADMINISTRATOR)

    with nullcontext() if allowed else pytest.raises(UserError, match="which holds data"):
        deploy(stack, allowed=allowed)

    assert stack.applied is bool(allowed)


def test_an_administrator_deploys_it(tmp_path: Path) -> None:
    stack = planned(tmp_path, caller=ADMINISTRATOR)

    deploy(stack)

    assert stack.applied


def test_githubs_role_deploys_what_guards_no_data(tmp_path: Path) -> None:
    queue = {**resource("aws_sqs_queue.placed", "create", after={"name": "placed"}), "type": "aws_sqs_queue"}
    stack = planned(tmp_path, plan(queue))

    deploy(stack)

    assert stack.applied


def test_githubs_role_writes_a_keys_policy_where_nothing_is_protected() -> None:
    said = {name: "<b>Warning</b>" in report(name, changes_of(KEY), sha256="0") for name in ("dev", "prod")}

    assert said == {"dev": False, "prod": True}
