"""Checking a password happens in steps so short that other requests are served meanwhile."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any, cast

import pytest
from ministack.services import cognito

from emulator.ministack.repairs.cognito import srp_numbers
from emulator.ministack.repairs.patching import RepairContext

BLOCK = "YmxvY2s="


@pytest.fixture(autouse=True)
def repaired(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("secrets", "_srp_challenge", "_srp_proof_valid"):
        monkeypatch.setattr(cognito, name, getattr(cognito, name))
    monkeypatch.setitem(vars(cognito), "pow", pow)
    srp_numbers.apply(cast(RepairContext, None))


def begin(username: str) -> dict[str, Any]:
    """Begin the sign-in of an unknown user; return the state that the server keeps for it."""
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


@pytest.fixture
def rests(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The length of each pause between steps."""
    taken: list[float] = []
    monkeypatch.setattr(time, "sleep", taken.append)
    return taken


@pytest.mark.parametrize(
    "numbers",
    [(2, 0, 7), (2, 0, 1), (5, 1, 7), (2, 255, 97), (3, 256, 97), (cognito._SRP_N - 5, 2**256 + 1, cognito._SRP_N)],
)
def test_a_power_in_steps_is_the_power(rests: list[float], numbers: tuple[int, int, int]) -> None:
    assert srp_numbers.power_in_steps(*numbers) == pow(*numbers)


def test_everything_that_a_sign_in_computes_is_computed_in_short_steps(rests: list[float]) -> None:
    proof = {
        "TIMESTAMP": "Mon Jan 5 10:00:00 UTC 2026",
        "PASSWORD_CLAIM_SECRET_BLOCK": BLOCK,
        "PASSWORD_CLAIM_SIGNATURE": "",
    }
    user = {"Username": "anna", "_password": "x", "Attributes": []}

    _, state = cognito._srp_challenge("pool_x", user, "anna", "a" * 768, BLOCK)
    begun = len(rests)
    cognito._srp_proof_valid("pool_x", user, state, proof)

    steps = srp_numbers.SECRET_BITS // srp_numbers.STEP_BITS
    assert begun > 2 * (steps - 3)  # the verifier and the server's number
    assert len(rests) - begun > 3 * (steps - 3)  # the verifier again, and two more
