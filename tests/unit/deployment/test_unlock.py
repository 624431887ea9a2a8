"""A lock that somebody else wrote is one line, and nothing is removed."""

import pytest

from deployment.unlock import read_lock, unlock
from environments.user_error import UserError
from tests.unit.support.stored_stack import StoredStack


def test_a_lock_as_terraform_writes_it_is_read() -> None:
    assert read_lock(StoredStack(b'{"ID": "1", "Who": "me"}')) == {"ID": "1", "Who": "me"}


def test_where_there_is_none_there_is_none() -> None:
    assert read_lock(StoredStack(refusal="NoSuchKey")) is None


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"\xff", b"[]", b'["ID"]', b'"ID"', b"null", b"1", b"{}", b'{"ID": null}', b"[" * 100_000],
)
def test_anything_else_is_one_line_and_is_not_removed(content: bytes) -> None:
    with pytest.raises(UserError) as refused:
        unlock(StoredStack(content), confirm=lambda _: "orders-dev")

    assert str(refused.value) == (
        "the lock s3://state/orders-dev.tfstate.tflock of orders-dev can't be read, expected what Terraform writes:"
        " nothing was removed; find out who wrote it, and remove the object by hand once no command works on that stack"
    )
