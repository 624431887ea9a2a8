"""No function writes what is known of it anyway into its log."""

import json
import os
import subprocess
import sys

import pytest

from deployment.repository_paths import ROOT
from environments.names import FUNCTIONS

PROGRAM = """
import importlib, sys
handler = importlib.import_module(f"orders.handlers.{sys.argv[1]}")
handler.logger.info("said", function_arn="arn", function_name="name", order_id="id")
"""


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_line_has_what_the_function_says_and_not_what_is_known_of_it(name: str) -> None:
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT / "lambda_src"), "POWERTOOLS_LOG_LEVEL": "INFO"}

    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, name], env=environment, capture_output=True, text=True, check=True
    )

    assert json.loads(done.stdout).keys() == {"level", "message", "timestamp", "service", "order_id"}
