"""`make verify` reports whether a deployment works, and removes everything that it made."""

import json
import signal
import subprocess
import sys
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from deployment.local_outputs import aws_environment
from deployment.repository_paths import ROOT
from deployment.stack import Stack, synthesized
from environments.settings import settings_of
from tests.e2e.support.administrator_access import AdministratorAccess
from tests.e2e.support.order_requests import PIZZA
from verify import cleanup, verification, watched_order
from verify.__main__ import verify
from verify.customer import Customer
from verify.polling import eventually, wait_for_final_status
from verify.user_pool_client import Person
from verify.verification import Verification
from verify.verification_report import Verdict
from verify.verified_environment import VerifiedEnvironment, open_verified_environment

TABLES = ("orders", "payments")
# The actions in docs/operations.md for an operator that a local run needs.
OF_WORKFLOW = {"cognito-idp:AdminConfirmSignUp", "s3:GetObject"}
OF_OPERATOR = OF_WORKFLOW | {"dynamodb:DeleteItem", "dynamodb:Query", "logs:FilterLogEvents"}
STEPS = ["sign up", "confirm", "sign in", "read the menu", "watch and order", "list"]
# Verifies the stack in a folder, with the keys of a run.
PROGRAM = """
import json, sys, time
from pathlib import Path
from deployment.run_command import run
from deployment.stack import Stack
from verify.__main__ import verify
from verify.user_pool_client import UserPoolClient
remove = UserPoolClient.remove
def remove_slowly(pool, person):
    print("removing")
    time.sleep(1)
    remove(pool, person)
UserPoolClient.remove = remove_slowly
folder, aws, reports = sys.argv[1:]
stack = Stack(name="orders-local", folder=Path(folder), aws=json.loads(aws))
run(lambda _: verify(stack, "local", is_public=False, folder=Path(reports)))
"""


@pytest.fixture(scope="module")
def stack(outputs: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Stack:
    """The deployed stack."""
    output = tmp_path_factory.mktemp("verified") / "cdktf.out"
    return synthesized("orders", "local", output=output, aws=aws_environment(outputs))


@pytest.fixture
def deployed(stack: Stack) -> VerifiedEnvironment:
    """The deployed environment."""
    return open_verified_environment(stack, settings_of("local"))


@contextmanager
def with_rights(stack: Stack, account: AdministratorAccess, actions: Iterable[str]) -> Iterator[VerifiedEnvironment]:
    """Yield the environment with the keys of a user who may do these actions only."""
    iam, name = account.client("iam"), f"verifier-{uuid.uuid4().hex[:8]}"
    iam.create_user(UserName=name)
    allowed = {"Effect": "Allow", "Action": sorted(actions), "Resource": "*"}
    iam.put_user_policy(UserName=name, PolicyName="verify", PolicyDocument=json.dumps({"Statement": [allowed]}))
    key = iam.create_access_key(UserName=name)["AccessKey"]
    own = {"AWS_ACCESS_KEY_ID": key["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"]}
    try:
        yield open_verified_environment(replace(stack, aws={**stack.aws, **own}), settings_of("local"))
    finally:
        iam.delete_access_key(UserName=name, AccessKeyId=key["AccessKeyId"])
        iam.delete_user_policy(UserName=name, PolicyName="verify")
        iam.delete_user(UserName=name)


def rows(account: AdministratorAccess, user_id: str | None) -> int:
    """Count the rows in both tables."""
    assert user_id
    return sum(len(account.rows(table, user_id)) for table in TABLES)


def is_there(account: AdministratorAccess, person: Person) -> bool:
    """Return True if the person's account exists."""
    cognito = account.client("cognito-idp")
    try:
        cognito.admin_get_user(UserPoolId=account.outputs["user_pool_id"], Username=person.user_id)
    except cognito.exceptions.UserNotFoundException:
        return False
    return True


def test_the_story_ends_with_nothing_left_of_it_and_all_of_others(
    deployed: VerifiedEnvironment, account: AdministratorAccess, customer: Customer
) -> None:
    wait_for_final_status(customer, customer.post_order(**PIZZA))
    neighbours = [account.rows(table, customer.user_id) for table in TABLES]
    made = Verification(deployed)

    made.run()

    report = made.report
    assert (report.failure, report.exit_code, report.left) == (None, 0, [])
    assert [step.name for step in report.steps] == STEPS
    assert not is_there(account, made.person)
    assert rows(account, made.person.user_id) == 0
    assert [account.rows(table, customer.user_id) for table in TABLES] == neighbours
    assert [len(found) for found in neighbours] == [1, 1]


def test_the_local_run_answers_as_the_code_was_built_for(deployed: VerifiedEnvironment) -> None:
    made = Verification(deployed)

    made.run()

    found = {one.id: one.answer.verdict for one in made.report.answers}
    works, not_asked = Verdict.WORKS, Verdict.NOT_ASKED
    assert found == {
        "failed-condition-row": works,
        "unset-subscription-variable": Verdict.EXPECTED,
        "skipped-subscription-field": Verdict.EXPECTED,
        "unset-query-variable": works,
        "events-after-start-ack": Verdict.EXPECTED,
        "depth-limit-of-introspection": Verdict.EXPECTED,
        "validation-messages": Verdict.EXPECTED,
        "code-for-no-account": Verdict.EXPECTED,
        "query-tokens": Verdict.OTHER,  # the emulator's limit is lower, for the other callers' sake
        "boundary-without-kms": not_asked,
        "signed-caller-without-permission": not_asked,
        "github-ref-claim": not_asked,
        "log-role-source-account": not_asked,
        "query-in-api-log": not_asked,
        "workflow-log-streams": works,
    }


def test_the_report_names_nobody(deployed: VerifiedEnvironment) -> None:
    made = Verification(deployed)
    broken = Verification(replace(deployed, outputs={**deployed.outputs, "realtime_url": "ws://127.0.0.1:9/"}))

    for one in (made, broken):
        one.run()
        text = one.report.markdown()
        assert "@" not in text
        assert "eyJ" not in text  # the beginning of a token
        assert not [secret for secret in one.report.secrets if secret in text]
        assert len(one.report.secrets) == 4


def test_a_story_that_fails_on_its_way_leaves_nothing_either(
    deployed: VerifiedEnvironment, account: AdministratorAccess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watched_order, "PATIENCE_SECONDS", 1)
    made = Verification(deployed)

    with account.hints_held():
        made.run()

    report = made.report
    assert report.exit_code == 1
    assert "watch and order: UserError: the order is PENDING after" in str(report.failure)
    assert report.answers == []
    assert (report.left, rows(account, made.person.user_id)) == ([], 0)
    assert not is_there(account, made.person)


def test_an_order_that_is_still_open_is_left_and_said(
    deployed: VerifiedEnvironment, account: AdministratorAccess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verification, "close_orders", lambda customer: [customer.orders()[0]["id"]])
    made = Verification(deployed)

    made.run()

    user_id = str(made.person.user_id)
    (order,) = account.rows("orders", user_id)
    assert made.report.left == [f"orders that are still open: {order['id']['S']}"]
    assert made.report.exit_code == 1
    assert rows(account, user_id) == 2
    assert cleanup.remove_rows(deployed, user_id) == 2


def test_a_customer_who_never_got_in_is_removed_too(
    deployed: VerifiedEnvironment, account: AdministratorAccess
) -> None:
    elsewhere = {**deployed.outputs, "graphql_url": "http://127.0.0.1:9/graphql"}
    unconfirmed = Verification(replace(deployed, client=lambda service: RefusesToConfirm(deployed.client(service))))
    unreached = Verification(replace(deployed, outputs=elsewhere))

    for made, step in ((unconfirmed, "confirm"), (unreached, "read the menu")):
        made.run()

        assert str(made.report.failure).startswith(f"{step}: ")
        assert made.report.exit_code == 1
        assert not is_there(account, made.person)


class RefusesToConfirm:
    """A client that refuses one operation and passes on all others."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def admin_confirm_sign_up(self, **_: str) -> None:
        raise RuntimeError("not allowed")


def test_ctrl_c_waits_until_all_is_removed(stack: Stack, account: AdministratorAccess, tmp_path: Path) -> None:
    command = [sys.executable, "-uc", PROGRAM, str(stack.folder), json.dumps(dict(stack.aws)), str(tmp_path)]
    cognito, pool = account.client("cognito-idp"), account.outputs["user_pool_id"]

    def there() -> set[str]:
        users = cognito.list_users(UserPoolId=pool, Filter='email ^= "success+verify-"')["Users"]
        return {one["Value"] for user in users for one in user["Attributes"] if one["Name"] == "sub"}

    before = there()
    with (
        account.hints_held(),
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process,
    ):
        (user_id,) = eventually(lambda: there() - before, len, within_seconds=30)
        placed = eventually(lambda: rows(account, user_id), bool, within_seconds=30)

        process.send_signal(signal.SIGINT)
        assert process.stdout is not None
        while process.stdout.readline() not in ("removing\n", ""):
            pass
        process.send_signal(signal.SIGINT)
        process.send_signal(signal.SIGTERM)
        said, complained = process.communicate(timeout=60)

    assert placed == 1
    assert (process.returncode, complained) == (130, "interrupted\n")
    assert "local doesn't work: interrupted" in said
    assert "interrupted" in (tmp_path / "verify-local.md").read_text(encoding="utf-8")
    assert (there() - before, rows(account, user_id)) == (set(), 0)


def test_with_public_apis_alone_it_takes_the_right_to_confirm_a_customer(
    stack: Stack, deployed: VerifiedEnvironment, account: AdministratorAccess, customer: Customer
) -> None:
    wait_for_final_status(customer, customer.post_order(**PIZZA))
    with with_rights(stack, account, OF_WORKFLOW) as target:
        made = Verification(target, is_public=True)

        made.run()

    report, user_id = made.report, str(made.person.user_id)
    found = {one.id: one.answer for one in report.answers}
    assert (report.failure, report.exit_code) == (None, 0)
    assert not is_there(account, made.person)
    assert report.left == [f"the rows of user_id {user_id} in orders and payments: no public API removes them"]
    assert found["signed-caller-without-permission"].verdict in (Verdict.EXPECTED, Verdict.OTHER)
    assert found["workflow-log-streams"].verdict is Verdict.NOT_ASKED
    assert [cleanup.remove_rows(deployed, user_id) for _ in range(2)] == [2, 0]
    assert rows(account, customer.user_id) == 2


def test_an_operator_needs_the_rights_that_the_documentation_names(stack: Stack, account: AdministratorAccess) -> None:
    with with_rights(stack, account, OF_OPERATOR) as target:
        made = Verification(target)

        made.run()

    found = {one.id: one.answer.verdict for one in made.report.answers}
    assert (made.report.failure, made.report.left) == (None, [])
    assert found["workflow-log-streams"] is Verdict.WORKS
    assert rows(account, made.person.user_id) == 0
    page = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    assert [action for action in sorted(OF_OPERATOR) if f"`{action}`" not in page] == []


def test_rows_that_may_not_be_removed_are_said_to_be_left(
    stack: Stack, account: AdministratorAccess, deployed: VerifiedEnvironment
) -> None:
    with with_rights(stack, account, OF_OPERATOR - {"dynamodb:DeleteItem"}) as target:
        made = Verification(target)

        made.run()

    user_id = str(made.person.user_id)
    assert [line.partition(",")[0] for line in made.report.left] == [f"the rows of user_id {user_id}"]
    assert made.report.exit_code == 1
    assert cleanup.remove_rows(deployed, user_id) == 2


def test_the_program_writes_its_report_and_ends_as_the_story_does(
    stack: Stack, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = verify(stack, "local", is_public=False, folder=tmp_path / "reports")

    said = capsys.readouterr().out
    assert code == 0
    assert said.startswith("Verifying local\n  sign up: ")
    assert "local works, from sign-up to PAID" in said
    assert (tmp_path / "reports" / "verify-local.md").read_text(encoding="utf-8").startswith("# Verification of local")
