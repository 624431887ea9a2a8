"""What the demo says when it doesn't go as it should."""

import pytest

from deployment.checkout import LocalRunError
from local import demo
from local.customer import GraphqlError


class Refused:
    """A customer whose orders nobody takes."""

    def __init__(self, *_: object, **__: object) -> None:
        pass

    def __enter__(self) -> "Refused":
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def post_order(self, **_: object) -> None:
        raise GraphqlError([{"errorType": "UnknownMenuItem", "message": "not available now"}])


def test_a_refused_order_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "Customer", Refused)

    with pytest.raises(LocalRunError) as refused:
        demo.place_an_order({"demo_user": {}})

    assert str(refused.value) == (
        "the order was refused: UnknownMenuItem: not available now; `make down`, then `make demo`, starts afresh"
    )
