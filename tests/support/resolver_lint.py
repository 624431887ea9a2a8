"""The project's ESLint with AWS's plugin for AppSync, on resolvers in any folder."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

from deployment.repository_paths import ROOT

RESOLVERS = ROOT / "stacks" / "orders" / "resolvers"
_MODULES = ROOT / "node_modules"
_NODE = str(_MODULES / ".bin" / "node")
_ESLINT = [_NODE, str(_MODULES / "eslint" / "bin" / "eslint.js"), "--config", str(ROOT / "eslint.config.js")]


def write(directory: Path, file: str, code: str) -> None:
    """Write code to a file where the lint's configuration looks for resolvers."""
    target = directory / "stacks" / "orders" / "resolvers" / file
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(code, encoding="utf-8")


def lint(directory: Path) -> str:
    """Return ESLint's output for the resolvers below a directory."""
    if directory != ROOT:
        shutil.copy(RESOLVERS / "tsconfig.json", directory / "stacks" / "orders" / "resolvers")
    done = subprocess.run(
        [*_ESLINT, "--max-warnings", "0", "stacks/orders/resolvers"],
        cwd=directory,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode in (0, 1), done.stderr
    return done.stdout


def rules_of_resolvers() -> dict[str, Any]:
    """Return the rules that ESLint uses for a resolver, by name."""
    command = [*_ESLINT, "--print-config", str(RESOLVERS / "Query.menu.js")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=True)
    rules: dict[str, Any] = json.loads(done.stdout)["rules"]
    return rules


def rules_of_appsync() -> set[str]:
    """Return the names of all rules of AWS's plugin."""
    say = "console.log(JSON.stringify(Object.keys(require('@aws-appsync/eslint-plugin').rules)))"
    command = [_NODE, "-e", say]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=True)
    return {f"@aws-appsync/{name}" for name in json.loads(done.stdout)}
