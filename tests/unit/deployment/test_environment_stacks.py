"""The page's stack is planned after the API's is deployed, because it reads its outputs."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from deployment.environment_stacks import is_deployed
from deployment.stack import Stack
from environments.user_error import UserError


class StackWith(Stack):
    """A stack whose state has this content, or can't be read for this reason."""

    content: bytes
    refusal: str
    types = frozenset()

    def __init__(self, *, state: dict[str, Any] | None = None, refusal: str = "") -> None:
        super().__init__("orders-dev", Path("nowhere"), {})
        object.__setattr__(self, "content", json.dumps({"version": 4, **(state or {})}).encode())
        object.__setattr__(self, "refusal", refusal)

    def backend(self) -> dict[str, str]:
        return {"bucket": "state", "key": "orders-dev.tfstate", "region": "eu-central-1"}

    def client(self, _: str) -> "StackWith":
        return self

    def get_object(self, **_: str) -> dict[str, Any]:
        if self.refusal:
            raise ClientError({"Error": {"Code": self.refusal, "Message": ""}}, "GetObject")
        return {"Body": io.BytesIO(self.content)}


@pytest.mark.parametrize(
    ("stack", "expected"),
    [
        (StackWith(state={"outputs": {"graphql_url": {"value": "https://a.example"}}}), True),
        (StackWith(state={"outputs": {}, "resources": []}), False),
        (StackWith(refusal="NoSuchKey"), False),
        (StackWith(refusal="NoSuchBucket"), False),
    ],
    ids=["deployed", "removed again", "never deployed", "no state bucket"],
)
def test_the_api_is_deployed_when_its_state_has_outputs(stack: StackWith, expected: bool) -> None:
    assert is_deployed(stack) is expected


def test_a_state_that_may_not_be_read_is_an_error() -> None:
    with pytest.raises(UserError, match=r"^orders-dev in eu-central-1: .*AccessDenied"):
        is_deployed(StackWith(refusal="AccessDenied"))
