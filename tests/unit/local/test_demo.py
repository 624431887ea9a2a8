"""What the demo says when it doesn't go as it should."""

from typing import Any

import pytest

from environments.user_error import UserError
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

    with pytest.raises(UserError) as refused:
        demo.place_an_order({"demo_user": {}})

    assert str(refused.value) == (
        "the order was refused: UnknownMenuItem: not available now; `make down`, then `make demo`, starts afresh"
    )


class Renamed(Refused):
    """A customer who gets an order with names that would steer a terminal, or mean something to Rich."""

    def post_order(self, **_: object) -> dict[str, Any]:  # type: ignore[override]
        texts = {"name": "[red]:pizza:\x1b[2J[/nothing]", "restaurantId": "\u202er", "currency": "E\rR"}
        return {"id": "01", "quantity": 2, "total": 1900, "status": "PAID", **texts}


def test_the_names_in_an_order_are_shown_as_they_are(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(demo, "Customer", Renamed)

    demo.place_an_order({"demo_user": {}})

    lines = capsys.readouterr().out.split("\n")
    assert lines[1] == r"Order 01: 2 × [red]:pizza:\x1b[2J[/nothing] from \u202er"
    assert lines[2].startswith(r"  PAID     19.00 E\rR   after")
