"""A stack whose state and lock are objects that somebody wrote."""

import io
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from deployment.stack import Stack


class StoredStack(Stack):
    """Each of its objects has this content, or can't be read for this reason."""

    content: bytes
    refusal: str
    types = frozenset()

    def __init__(self, content: bytes = b"", *, refusal: str = "") -> None:
        super().__init__("orders-dev", Path("nowhere"), {})
        object.__setattr__(self, "content", content)
        object.__setattr__(self, "refusal", refusal)

    def backend(self) -> dict[str, str]:
        return {"bucket": "state", "key": "orders-dev.tfstate", "region": "eu-central-1"}

    def client(self, _: str) -> "StoredStack":
        return self

    def get_object(self, **_: str) -> dict[str, Any]:
        if self.refusal:
            raise ClientError({"Error": {"Code": self.refusal, "Message": ""}}, "GetObject")
        return {"Body": io.BytesIO(self.content)}
