"""Proving a password takes so little time that others are served meanwhile."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any, cast

import pytest
from ministack.services import cognito

from emulator.ministack.repairs.cognito import srp_numbers
from emulator.ministack.repairs.patching import Run


@pytest.fixture(autouse=True)
def repaired(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("secrets", "_srp_challenge", "_srp_proof_valid"):
        monkeypatch.setattr(cognito, name, getattr(cognito, name))
    srp_numbers.apply(cast(Run, None))


def begin(username: str) -> dict[str, Any]:
    """Begin the sign-in of a user whom nobody knows; return what the server remembers of it."""
    _, remembered = cognito._srp_challenge("pool", None, username, "a", "block")
    return dict(remembered)


def test_the_secret_number_is_no_longer_than_a_secret_has_to_be() -> None:
    numbers = {int(begin("anna")["b"], 16) for _ in range(10)}

    assert len(numbers) == 10
    assert 2 ** (srp_numbers.SECRET_BITS - 16) < max(numbers) <= 2**srp_numbers.SECRET_BITS


def test_one_sign_in_is_computed_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    running, most = threading.Semaphore(1), []

    def salt(_seed: str) -> str:
        most.append(running.acquire(blocking=False))
        time.sleep(0.01)
        running.release()
        return "ab"

    monkeypatch.setattr(cognito, "_srp_salt", salt)

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(begin, "abcdefgh"))

    assert most == [True] * 8
