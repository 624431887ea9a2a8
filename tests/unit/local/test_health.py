"""A server is polled until it is ready, has ended, or the time is over."""

from typing import Any

import pytest

from local import health
from local.health import NotReady, wait_until_ready


class Asked:
    """Records the timeouts of the polls, and answers so many times that the server isn't ready."""

    def __init__(self, not_ready: int) -> None:
        self.timeouts: list[float] = []
        self._not_ready = not_ready

    def __call__(self, _: str, *, timeout_seconds: float) -> dict[str, Any]:
        self.timeouts.append(timeout_seconds)
        if len(self.timeouts) <= self._not_ready:
            raise NotReady(f"answer {len(self.timeouts)}")
        return {"status": "ready"}


def test_a_server_that_is_not_ready_yet_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = Asked(not_ready=2)
    monkeypatch.setattr(health, "health", asked)

    answer = wait_until_ready("http://127.0.0.1:4566", within_seconds=60)

    assert answer == {"status": "ready"}
    assert len(asked.timeouts) == 3


def test_one_that_is_busy_has_all_of_the_time_for_its_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = Asked(not_ready=0)
    monkeypatch.setattr(health, "health", asked)

    wait_until_ready("http://127.0.0.1:4566", within_seconds=1000)

    assert 900 < asked.timeouts[0] <= 1000


def test_when_it_is_over_the_last_answer_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = Asked(not_ready=100)
    monkeypatch.setattr(health, "health", asked)

    with pytest.raises(NotReady, match="answer 2"):
        wait_until_ready("http://127.0.0.1:4566", within_seconds=60, is_over=lambda: len(asked.timeouts) == 2)


def test_when_the_time_is_up_the_last_answer_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = Asked(not_ready=100)
    monkeypatch.setattr(health, "health", asked)

    with pytest.raises(NotReady, match="answer 1"):
        wait_until_ready("http://127.0.0.1:4566", within_seconds=-1)
