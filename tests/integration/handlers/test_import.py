"""What importing a handler costs and touches: it is most of a cold start."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.workflow import ROOT

HANDLERS = ["start_workflow", "charge_payment", "announce", "sweep"]
BASELINE = "import boto3, aws_lambda_powertools.utilities.batch"
# Measured 0.95 to 1.15. Making one client at import, or one heavy library more, goes beyond.
MOST = 1.35
ROUNDS = 4

NO_NETWORK = """
import socket
def refuse(*_, **__): raise AssertionError("touched the network")
socket.socket.connect = socket.getaddrinfo = refuse
"""


def run(code: str, **environment: str) -> float:
    """CPU seconds of a fresh interpreter without the caller's environment; a busy machine changes them little."""
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
    for code in (BASELINE, *(f"import orders.handlers.{name}" for name in HANDLERS)):
        run(code)  # writes byte code, warms the disk cache

    # The fastest of several is what the machine's other work disturbs least.
    baseline = min(run(BASELINE) for _ in range(ROUNDS))
    ratios = {name: min(run(f"import orders.handlers.{name}") for _ in range(ROUNDS)) / baseline for name in HANDLERS}

    assert {name: ratio for name, ratio in ratios.items() if ratio > MOST} == {}
