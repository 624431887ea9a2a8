"""A function's adapters are built before its first event arrives."""

import os
import subprocess
import sys

import pytest

from deployment.repository_paths import ROOT
from environments.names import FUNCTIONS

PROGRAM = """
import importlib, sys
name = sys.argv[1]
importlib.import_module(f"orders.handlers.{name}")
from orders import bootstrap
print(getattr(bootstrap, name).cache_info().currsize)
"""
VARIABLES = {
    "AWS_DEFAULT_REGION": "eu-central-1",
    "STATE_MACHINE_ARN": "arn",
    "ORDERS_TABLE": "orders",
    "PAYMENTS_TABLE": "payments",
    "QUEUE_URL": "http://127.0.0.1:9/queue",
    "TOPIC_ARN": "arn",
    "GRAPHQL_URL": "http://127.0.0.1:9/graphql",
    "LIVE_UPDATES": "true",
    "UNDELIVERED_BUCKET": "undelivered",
    "DELAYED_TABLE": "delayed",
    "GATEWAY_TIMEOUT_SECONDS": "4",
    "PAYMENT_GATEWAY": "simulated",
    "OPEN_ORDERS_INDEX": "open-orders",
    "OPEN_ORDERS_SHARDS": "8",
    "SWEEP_MAX_HINTS": "5",
    "LATE_AFTER_SECONDS": "300",
}


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize(("lambdas", "made"), [({"AWS_LAMBDA_FUNCTION_NAME": "orders-dev"}, "1"), ({}, "0")])
def test_adapters_are_built_while_lambda_starts_the_function_and_only_there(
    name: str, lambdas: dict[str, str], made: str
) -> None:
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT / "lambda_src"), **VARIABLES, **lambdas}

    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, name], env=environment, capture_output=True, text=True, check=True
    )

    assert done.stdout.strip() == made
