"""Messages of a demo that fails."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from deployment import progress
from environments.user_error import UserError
from local import demo
from verify.customer import GraphqlError


class Refused:
    """A customer whose orders are refused."""

    def __init__(self, *_: object, **__: object) -> None:
        pass

    def __enter__(self) -> "Refused":
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def post_order(self, **_: object) -> None:
        raise GraphqlError([{"errorType": "UnknownMenuItem", "message": "not available now"}])


def test_a_refused_order_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "sign_in", Refused)

    with pytest.raises(UserError) as refused:
        demo.place_an_order({"demo_user": {}})

    assert str(refused.value) == (
        "the order was refused: UnknownMenuItem: not available now; `make down`, then `make demo`, starts afresh"
    )


class Renamed(Refused):
    """A customer whose order has names with control characters and Rich's markup."""

    def post_order(self, **_: object) -> dict[str, Any]:  # type: ignore[override]
        texts = {"name": "[red]:pizza:\x1b[2J[/nothing]", "restaurantId": "\u202er", "currency": "E\rR"}
        return {"id": "01", "quantity": 2, "total": 1900, "status": "PAID", **texts}


def test_the_names_in_an_order_are_shown_as_they_are(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(demo, "sign_in", Renamed)

    demo.place_an_order({"demo_user": {}})

    lines = capsys.readouterr().out.split("\n")
    assert lines[1] == r"Order 01: 2 × [red]:pizza:\x1b[2J[/nothing] from \u202er"
    assert lines[2].startswith(r"  PAID     19.00 E\rR   after")


class Changeable(Refused):
    """A customer whose order can be changed for a while and is then paid, with a test's clock."""

    def __init__(self, *_: object, **__: object) -> None:
        self.asked = 0

    def post_order(self, **_: object) -> dict[str, Any]:  # type: ignore[override]
        until = (datetime.now(UTC) + timedelta(seconds=60)).isoformat().replace("+00:00", "Z")
        texts = {"name": "Margherita", "restaurantId": "r", "currency": "EUR"}
        return {"id": "01", "quantity": 2, "total": 1900, "status": "PENDING", "changeableUntil": until, **texts}

    def order(self, _: str) -> dict[str, Any]:
        self.asked += 1
        return {**self.post_order(), "status": "PENDING" if self.asked < 3 else "PAYING" if self.asked < 6 else "PAID"}


def test_a_demo_says_for_how_long_it_waits_for_the_end_of_the_change_window(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(demo, "sign_in", Changeable)
    # Long enough for a line at each pause.
    monkeypatch.setattr(progress, "EVERY_SECONDS", 0.001)
    monkeypatch.setattr(demo, "PAUSE_SECONDS", 0.2)

    demo.place_an_order({"demo_user": {}})

    said = capsys.readouterr().out
    assert re.search(r"^ +0 s  The order can be changed for another [56]\d s, then it is paid$", said, re.MULTILINE)
    assert "s  The order is PAYING and waits for its payment\n" in said
    assert [line.split()[0] for line in said.splitlines() if " after " in line] == ["PENDING", "PAYING", "PAID"]


def test_a_demo_is_patient_as_long_as_the_order_can_be_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "sign_in", Changeable)
    monkeypatch.setattr(demo, "PATIENCE_SECONDS", -30)

    demo.place_an_order({"demo_user": {}})
