"""Cold starts: a function's init phase in a fresh interpreter, against an empty one and boto3 with one client."""

import compileall
import json
import os
import subprocess
import sys
import time
import zipfile
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import psutil

from bench.interleaved_rounds import in_turns, only
from bench.result_tables import compared_table
from bench.run_under_test import MEGABYTE
from deployment.repository_paths import BUILD
from environments.names import FUNCTIONS, SYSTEM, stack_name
from environments.user_error import UserError

EMPTY, CLIENT = "an empty interpreter", "boto3 with one client"
ENVIRONMENT = "dev"
COMPILED = ", compiled"
# The interpreter waits, so that its memory can be looked at.
_PROGRAM = """
{code}
import sys, time
print(time.process_time(), flush=True)
sys.stdin.read()
"""


def report(synthesized: Path, folder: Path, *, rounds: int) -> str:
    """Return the tables, by the package that the last synthesis built; the folder takes the unpacked package."""
    shipped, compiled = folder / "shipped", folder / "compiled"
    for target in (shipped, compiled):
        with zipfile.ZipFile(BUILD / "lambda.zip") as package:
            package.extractall(target)
    compileall.compile_dir(compiled, quiet=1)
    variables = _variables(synthesized)
    things: dict[str, tuple[str, Path, Mapping[str, str]]] = {
        EMPTY: ("", shipped, {}),
        CLIENT: ("import boto3; boto3.client('dynamodb')", shipped, {}),
        **{name: (_imported(name), shipped, variables[name]) for name in FUNCTIONS},
        **{f"{name}{COMPILED}": (_imported(name), compiled, variables[name]) for name in FUNCTIONS},
    }
    measured = in_turns({name: partial(_start, *given) for name, given in things.items()}, rounds)
    tables = [
        compared_table(f"cold start: {figure}", only(figure, measured), [EMPTY, CLIENT]) for figure in measured[CLIENT]
    ]
    return "\n\n".join(tables)


def _imported(function: str) -> str:
    return f"import orders.handlers.{function}"


def _start(code: str, package: Path, variables: Mapping[str, str]) -> dict[str, float]:
    """Run the code in an interpreter that can write no byte code, as in Lambda."""
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(package),
        "PYTHONDONTWRITEBYTECODE": "1",
        "AWS_DEFAULT_REGION": "eu-central-1",
        **variables,
    }
    began = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "-c", _PROGRAM.format(code=code)],
        env=environment,
        cwd=package,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout
        said = process.stdout.readline()
        seconds = time.perf_counter() - began
        if not said:
            raise UserError(f"`{code}` failed in the package")
        memory = psutil.Process(process.pid).memory_info().rss / MEGABYTE
    return {"seconds": seconds, "seconds of processor time": float(said), "MB": memory}


def _variables(synthesized: Path) -> dict[str, dict[str, str]]:
    """Return the environment of each function as it is deployed; references stay text, which nobody calls here."""
    path = synthesized / "stacks" / stack_name(SYSTEM, ENVIRONMENT) / "cdk.tf.json"
    functions: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))["resource"]["aws_lambda_function"]
    return {
        one["handler"].split(".")[-2]: {
            **one["environment"]["variables"],
            "AWS_LAMBDA_FUNCTION_NAME": one["function_name"],
        }
        for one in functions.values()
    }
