"""Delivering a reviewed plan with the real Terraform, on resources that need no provider."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from deployment.apply_reviewed_plan import apply_reviewed_plans
from deployment.environment_stacks import join_changes
from deployment.plan import plan
from deployment.plan_changes import changes_of, plan_hash
from deployment.repository_paths import PLANS
from deployment.stack import Stack
from environments.user_error import UserError

ENVIRONMENT = "delivertest"
SECRET = "hunter2-is-secret"


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[Stack]:
    yield Stack("orders-delivertest", tmp_path, {})
    for left in (PLANS.parent / "reviewed").glob(f"{ENVIRONMENT}.*"):
        left.unlink()


def configure(stack: Stack, **resources: str) -> None:
    """Write a stack of these resources, each with a value, and of a sensitive output."""
    configuration = {
        "terraform": {"backend": {"local": {"path": "terraform.tfstate"}}},
        "resource": {"terraform_data": {name: {"input": value} for name, value in resources.items()}},
        "output": {"secret": {"value": SECRET, "sensitive": True}},
    }
    stack.file.write_text(json.dumps(configuration))


def review(stack: Stack, tmp_path: Path) -> str:
    """Plan as a pull request does; return the hash of the reviewed plan."""
    file = tmp_path / "reviewed.json"
    plan(stack, to=file, lock=False, allowed=[])
    document = changes_of(json.loads(file.read_text(encoding="utf-8")))
    assert SECRET in file.read_text(encoding="utf-8")
    assert SECRET not in json.dumps(document)
    return plan_hash(document)


def deployed(stack: Stack) -> dict[str, str]:
    state = json.loads((stack.folder / "terraform.tfstate").read_text(encoding="utf-8"))
    made = [one for one in state["resources"] if one["mode"] == "managed"]
    return {one["name"]: one["instances"][0]["attributes"]["input"]["value"] for one in made}


def test_the_reviewed_plan_is_applied(stack: Stack, tmp_path: Path) -> None:
    configure(stack, first="1")
    reviewed = review(stack, tmp_path)

    changed = apply_reviewed_plans([stack], ENVIRONMENT, sha256=reviewed)

    assert changed is True
    assert deployed(stack) == {"first": "1"}


def test_after_another_deployment_in_between_nothing_is_applied(stack: Stack, tmp_path: Path) -> None:
    configure(stack, first="1")
    reviewed = review(stack, tmp_path)
    configure(stack, first="0")
    apply_reviewed_plans([stack], ENVIRONMENT, sha256=review(stack, tmp_path))
    configure(stack, first="1")

    with pytest.raises(UserError) as refused:
        apply_reviewed_plans([stack], ENVIRONMENT, sha256=reviewed)

    assert str(refused.value).startswith("nothing was deployed: the plan of orders-delivertest is now ")
    assert f"but {reviewed} was reviewed" in str(refused.value)
    assert deployed(stack) == {"first": "0"}


def test_another_merge_in_between_asks_for_a_new_review(stack: Stack, tmp_path: Path) -> None:
    configure(stack, first="1")
    reviewed = review(stack, tmp_path)
    configure(stack, first="1", second="of another merge")

    with pytest.raises(UserError, match="the new plan needs a review"):
        apply_reviewed_plans([stack], ENVIRONMENT, sha256=reviewed)

    assert not (stack.folder / "terraform.tfstate").exists()


def test_delivering_twice_deploys_once(stack: Stack, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    configure(stack, first="1")
    reviewed = review(stack, tmp_path)
    apply_reviewed_plans([stack], ENVIRONMENT, sha256=reviewed)

    changed = apply_reviewed_plans([stack], ENVIRONMENT, sha256=reviewed)

    assert changed is False
    assert "orders-delivertest is as the checkout says: nothing to deploy." in capsys.readouterr().out


def test_no_plan_with_its_secrets_is_left_behind(stack: Stack, tmp_path: Path) -> None:
    configure(stack, first="1")
    apply_reviewed_plans([stack], ENVIRONMENT, sha256=review(stack, tmp_path))
    configure(stack, first="2")

    with pytest.raises(UserError):
        apply_reviewed_plans([stack], ENVIRONMENT, sha256="0" * 64)

    assert list(tmp_path.glob("**/plan-*")) == []
    assert list(PLANS.glob(f"{ENVIRONMENT}*")) == []


@pytest.fixture
def page(tmp_path: Path) -> Stack:
    """The page's stack, which reads the last outputs of the API's stack."""
    (tmp_path / "page").mkdir()
    page = Stack("web-delivertest", tmp_path / "page", {})
    state = str(tmp_path / "terraform.tfstate")
    configuration = {
        "terraform": {"backend": {"local": {"path": "terraform.tfstate"}}},
        "data": {"terraform_remote_state": {"api": {"backend": "local", "config": {"path": state}}}},
        "resource": {"terraform_data": {"told": {"input": "${data.terraform_remote_state.api.outputs.secret}"}}},
    }
    page.file.write_text(json.dumps(configuration))
    return page


def both(stack: Stack, page: Stack, tmp_path: Path) -> str:
    """The hash of the reviewed plans of both stacks."""
    documents = {}
    for before, one in (("", stack), ("web/", page)):
        plan(one, to=tmp_path / "reviewed.json", lock=False, allowed=[])
        documents[before] = changes_of(json.loads((tmp_path / "reviewed.json").read_text(encoding="utf-8")))
    return plan_hash(join_changes(documents))


def test_the_page_is_delivered_after_the_api(stack: Stack, page: Stack, tmp_path: Path) -> None:
    configure(stack, first="1")
    apply_reviewed_plans([stack], ENVIRONMENT, sha256=review(stack, tmp_path))
    configure(stack, first="2")
    reviewed = both(stack, page, tmp_path)

    changed = apply_reviewed_plans([stack, page], ENVIRONMENT, sha256=reviewed)

    assert changed is True
    assert (deployed(stack), deployed(page)) == ({"first": "2"}, {"told": SECRET})
    assert list(tmp_path.glob("**/plan-*")) == []


def test_a_page_that_would_read_something_else_by_then_needs_a_review(
    stack: Stack, page: Stack, tmp_path: Path
) -> None:
    configure(stack, first="1")
    apply_reviewed_plans([stack], ENVIRONMENT, sha256=review(stack, tmp_path))
    configuration = json.loads(stack.file.read_text())
    configuration["output"]["secret"] = {"value": "another address"}
    stack.file.write_text(json.dumps(configuration))
    reviewed = both(stack, page, tmp_path)

    with pytest.raises(UserError, match=r"^web-delivertest was not deployed: its plan is another one now"):
        apply_reviewed_plans([stack, page], ENVIRONMENT, sha256=reviewed)

    assert not (page.folder / "terraform.tfstate").exists()


def test_what_was_reviewed_of_the_api_alone_is_not_enough_for_both(stack: Stack, page: Stack, tmp_path: Path) -> None:
    configure(stack, first="1")
    apply_reviewed_plans([stack], ENVIRONMENT, sha256=review(stack, tmp_path))
    configure(stack, first="2")

    with pytest.raises(UserError, match=r"^nothing was deployed: the plan of orders-delivertest and web-deliver"):
        apply_reviewed_plans([stack, page], ENVIRONMENT, sha256=review(stack, tmp_path))

    assert deployed(stack) == {"first": "1"}
