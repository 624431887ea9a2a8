"""A deployment of the local run covers the stacks that changed, and those that read what changed."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from environments.user_error import UserError
from local import deploy
from local.deploy import STACKS

SYSTEM, PAGE = STACKS
ACCOUNT = {
    "aws_endpoint_url": "http://127.0.0.1:1",
    "region": "eu-west-1",
    "access_key_id": "a",
    "secret_access_key": "b",
}
TOLD = {SYSTEM: {"output-graphql_url": "http://here/graphql"}, PAGE: {"output-web_url": "http://here/"}}


class Cdktf:
    """A stand-in for cdktf, which notes what it deploys and writes the outputs of that."""

    def __init__(self, told: dict[str, dict[str, str]]) -> None:
        self.told = told
        self.deployed: list[list[str]] = []
        self.error = ""

    def run(self, arguments: Sequence[str], *, on_line: Callable[[str], None], **_: Any) -> int:
        if self.error:
            on_line(f"orders-local  Error: {self.error}")
            return 1
        stacks = [name for name in arguments if name in STACKS]
        self.deployed.append(stacks)
        outputs = Path(arguments[arguments.index("--outputs-file") + 1])
        outputs.write_text(json.dumps({name: self.told[name] for name in stacks}), encoding="utf-8")
        return 0


@pytest.fixture
def cdktf(monkeypatch: pytest.MonkeyPatch) -> Cdktf:
    cdktf = Cdktf(TOLD)
    monkeypatch.setattr(deploy, "run_cdktf", cdktf.run)
    return cdktf


def deployed(folder: Path, changed: Sequence[str]) -> dict[str, Any]:
    return deploy.deploy(ACCOUNT, folder / "out", folder / "deploy.log", changed=changed, on_line=lambda _: None)


@pytest.mark.parametrize(
    ("changed", "stacks"),
    [([SYSTEM, PAGE], [[SYSTEM, PAGE]]), ([PAGE], [[SYSTEM, PAGE]]), ([SYSTEM], [[SYSTEM]]), ([], [])],
)
def test_only_what_changed_is_deployed(
    changed: list[str], stacks: list[list[str]], cdktf: Cdktf, tmp_path: Path
) -> None:
    first = deployed(tmp_path, STACKS)
    cdktf.deployed.clear()

    again = deployed(tmp_path, changed)

    assert cdktf.deployed == stacks
    assert again == first == {"graphql_url": "http://here/graphql", "web_url": "http://here/"}


def test_the_page_is_deployed_too_when_what_it_reads_has_changed(cdktf: Cdktf, tmp_path: Path) -> None:
    deployed(tmp_path, STACKS)
    cdktf.told = {SYSTEM: {"output-graphql_url": "http://there/graphql"}, PAGE: {"output-web_url": "http://there/"}}
    cdktf.deployed.clear()

    again = deployed(tmp_path, [SYSTEM])

    assert cdktf.deployed == [[SYSTEM], [SYSTEM, PAGE]]
    assert again == {"graphql_url": "http://there/graphql", "web_url": "http://there/"}
    assert deployed(tmp_path, []) == again


@pytest.mark.parametrize(
    ("error", "is_unknown"),
    [
        ("creating IAM Role (orders-local-sweep): EntityAlreadyExists: Role already exists", True),
        ("creating AWS DynamoDB Table: ResourceInUseException: Table already exists: orders-local-orders", True),
        ("creating S3 Bucket: BucketAlreadyOwnedByYou", True),
        ("creating SQS Queue: AccessDenied", False),
    ],
)
def test_what_terraform_does_not_know_of_has_a_way_out(
    error: str, is_unknown: bool, cdktf: Cdktf, tmp_path: Path
) -> None:
    cdktf.error = error

    with pytest.raises(UserError) as failed:
        deployed(tmp_path, STACKS)

    assert f"the deployment failed: Error: {error} " in str(failed.value)
    assert ("`make down KEEP=no`, then `make up`" in str(failed.value)) is is_unknown
