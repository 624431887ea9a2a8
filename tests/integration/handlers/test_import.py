"""What importing a handler costs and touches: it is most of a cold start."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.workflow import ROOT

HANDLERS = ["start_workflow", "charge_payment", "announce", "sweep"]
BASELINE = "import boto3, aws_lambda_powertools.utilities.batch"
# Measured 0.95 to 1.15. Making one client at import, or one heavy library more, goes beyond.
MOST = 1.35
ROUNDS = 3

NO_NETWORK = """
import socket
def refuse(*_, **__): raise AssertionError("touched the network")
socket.socket.connect = socket.getaddrinfo = refuse
"""


def run(code: str, **environment: str) -> float:
    """Seconds that a fresh interpreter takes, without the caller's environment."""
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT / "lambda_src"), **environment}
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], env=env, check=True, cwd=Path(ROOT), capture_output=True)
    return time.perf_counter() - start


@pytest.mark.parametrize("name", HANDLERS)
def test_a_handler_imports_without_configuration_and_network(name: str) -> None:
    code = f"{NO_NETWORK}\nimport orders.handlers.{name}"

    run(code)


def test_no_handler_costs_much_more_than_what_all_of_them_need() -> None:
    for code in (BASELINE, *(f"import orders.handlers.{name}" for name in HANDLERS)):
        run(code)  # writes byte code, warms the disk cache

    # The fastest of several is what the machine's other work disturbs least.
    baseline = min(run(BASELINE) for _ in range(ROUNDS))
    ratios = {name: min(run(f"import orders.handlers.{name}") for _ in range(ROUNDS)) / baseline for name in HANDLERS}

    assert {name: ratio for name, ratio in ratios.items() if ratio > MOST} == {}
