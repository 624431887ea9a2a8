"""Whether the API is deployed, so that the page, which reads its outputs, can be planned."""

import io
import json
from contextlib import nullcontext
from typing import Any, cast

import pytest
from botocore.exceptions import ClientError

from deployment.environment_stacks import is_deployed
from deployment.stack import Stack


class StackWith:
    """A stack whose state object has this content, or can't be read for this reason."""

    def __init__(self, *, state: dict[str, Any] | None = None, refusal: str = "") -> None:
        self._state, self._refusal = state, refusal

    def backend(self) -> dict[str, str]:
        return {"bucket": "state", "key": "orders-dev.tfstate"}

    def calling_aws(self) -> nullcontext[None]:
        return nullcontext()

    def client(self, _: str) -> "StackWith":
        return self

    def get_object(self, **_: str) -> dict[str, Any]:
        if self._refusal:
            raise ClientError({"Error": {"Code": self._refusal, "Message": ""}}, "GetObject")
        return {"Body": io.BytesIO(json.dumps(self._state).encode())}


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
    assert is_deployed(cast(Stack, stack)) is expected


def test_a_state_that_may_not_be_read_is_an_error() -> None:
    with pytest.raises(ClientError):
        is_deployed(cast(Stack, StackWith(refusal="AccessDenied")))
