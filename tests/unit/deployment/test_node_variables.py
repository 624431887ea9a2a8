"""No Node.js that is started here hears of what a user's shell or editor tells another one."""

import os
import re
import subprocess
import sys

import pytest

from deployment.node_variables import OF_NODE
from deployment.repository_paths import ROOT

PRINT = "import os; print(*[name for name in os.environ if name.startswith('NODE_')])"
# How it trusts servers, and the token of a registry in an .npmrc.
KEPT = ["NODE_AUTH_TOKEN", "NODE_EXTRA_CA_CERTS", "NODE_TLS_REJECT_UNAUTHORIZED"]


def printed(*command: str) -> list[str]:
    """Return the names that a command prints whose environment has all of them."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("NODE_")}
    given = dict.fromkeys([*OF_NODE, *KEPT], "the user's")
    done = subprocess.run(command, cwd=ROOT, env={**own, **given}, capture_output=True, text=True, check=True)
    return sorted(done.stdout.split())


def test_a_command_that_is_started_without_make_drops_them() -> None:
    run = "from deployment.run_command import run; run(lambda command: subprocess.call(command))"
    code = f"import subprocess; {run}"

    assert printed(sys.executable, "-c", code, sys.executable, "-c", PRINT) == KEPT


@pytest.mark.parametrize("name", ["node_variables", "npm"])
def test_a_script_drops_them(name: str) -> None:
    assert printed("bash", "-euc", f". .ci/{name}; '{sys.executable}' -c \"{PRINT}\"") == KEPT


@pytest.mark.parametrize("file", [".ci/check", ".ci/test"])
def test_a_script_that_starts_node_drops_them_first(file: str) -> None:
    script = (ROOT / file).read_text(encoding="utf-8")

    assert "\n. .ci/node_variables\n" in script.partition("node()")[0].partition("desk()")[0]


def test_make_knows_the_same_names() -> None:
    unexported = re.findall(r"^unexport (NODE_.*)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)

    assert " ".join(unexported).split() == list(OF_NODE)
