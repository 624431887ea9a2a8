"""The cost of importing a handler, which is most of a cold start, and its side effects."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from deployment.repository_paths import ROOT
from environments.names import FUNCTIONS as HANDLERS

BASELINE = "import boto3, aws_lambda_powertools.utilities.batch"
# Measured 0.95 to 1.15. One client made at import, or one more heavy library, exceeds the limit.
MOST = 1.35
ROUNDS = 6

NO_NETWORK = """
import socket
def refuse(*_, **__): raise AssertionError("touched the network")
socket.socket.connect = socket.getaddrinfo = refuse
"""


def run(code: str, **environment: str) -> float:
    """Return the CPU seconds of a fresh interpreter without the caller's environment.

    A busy machine changes them little.
    """
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT / "lambda_src"), **environment}
    measured = f"{code}\nimport time\nprint(time.process_time())"
    done = subprocess.run(
        [sys.executable, "-c", measured], env=env, check=True, cwd=Path(ROOT), capture_output=True, text=True
    )
    return float(done.stdout.splitlines()[-1])


@pytest.mark.parametrize("name", HANDLERS)
def test_a_handler_imports_without_configuration_and_network(name: str) -> None:
    code = f"{NO_NETWORK}\nimport orders.handlers.{name}"

    run(code)


def test_no_handler_costs_much_more_than_what_all_of_them_need() -> None:
    codes = {"baseline": BASELINE, **{name: f"import orders.handlers.{name}" for name in HANDLERS}}
    for code in codes.values():
        run(code)  # writes byte code, warms the disk cache

    # In rounds, so that a slow phase of the machine hits all handlers. The fastest round counts.
    fastest = dict.fromkeys(codes, float("inf"))
    for number in range(ROUNDS):
        fastest = {name: min(fastest[name], run(code)) for name, code in codes.items()}
        too_slow = {name for name in HANDLERS if fastest[name] > MOST * fastest["baseline"]}
        if number >= 1 and not too_slow:
            break

    assert {name: fastest[name] / fastest["baseline"] for name in too_slow} == {}
