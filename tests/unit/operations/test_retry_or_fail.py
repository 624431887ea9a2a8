"""A command moves a stuck order on, and follows it to its end."""

from collections.abc import Iterable
from typing import Any

import pytest

from environments.names import Names
from environments.user_error import UserError
from operations import orders
from operations.commands import retry_or_fail
from operations.environment import Environment

NOWHERE = Environment(names=Names(environment="dev", account_id="1", region="r"), client=lambda _: None)
DUE = {"user_id": "u", "id": "o", "status": "PENDING", "due_at": 1, "hints": 0}
HINTED = {**DUE, "due_at": 2, "hints": 1}
PAID = {**DUE, "status": "PAID"}
COMPLAINT = "1 could not be swept, the first: another"


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retry_or_fail, "INDEX_SECONDS", 0)
    monkeypatch.setattr(retry_or_fail, "PAUSE_SECONDS", 0)


def play(monkeypatch: pytest.MonkeyPatch, *, rows: Iterable[Any], complaints: Iterable[str | None]) -> None:
    """Fake the sweeps' complaints and the rows that later reads find."""
    found, said = iter(rows), iter(complaints)
    monkeypatch.setattr(orders, "read_order", lambda *_: next(found))
    monkeypatch.setattr(orders, "run_sweep", lambda _: next(said))


def test_an_order_that_sweep_met_is_followed_to_its_end(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    play(monkeypatch, rows=[HINTED, HINTED, PAID], complaints=[None])

    retry_or_fail.run_sweep_and_watch(NOWHERE, DUE)

    assert capsys.readouterr().out.endswith("PAID\n")


def test_an_order_that_the_index_does_not_have_yet_is_swept_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    play(monkeypatch, rows=[DUE, HINTED, PAID], complaints=[None, None])

    retry_or_fail.run_sweep_and_watch(NOWHERE, DUE)


def test_what_sweep_complains_of_another_order_stops_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    play(monkeypatch, rows=[HINTED, PAID], complaints=[COMPLAINT])

    retry_or_fail.run_sweep_and_watch(NOWHERE, DUE)


def test_a_complaint_counts_when_the_order_is_left_where_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    play(monkeypatch, rows=[DUE], complaints=[COMPLAINT])

    with pytest.raises(UserError, match=f"sweep failed: {COMPLAINT}"):
        retry_or_fail.run_sweep_and_watch(NOWHERE, DUE)


def test_a_row_that_is_gone_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    play(monkeypatch, rows=[None, None], complaints=[None])

    with pytest.raises(UserError, match="its row is gone"):
        retry_or_fail.run_sweep_and_watch(NOWHERE, DUE)
