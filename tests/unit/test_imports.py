"""Rules for imports that import-linter can't check: standard library only, and all packages."""

import ast
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from deployment.repository_paths import ROOT

# Each package by its own name, with its place.
STANDARD_LIBRARY_ONLY = {
    "environments": ROOT / "environments",
    "orders.domain": ROOT / "lambda_src" / "orders" / "domain",
    "orders.config": ROOT / "lambda_src" / "orders" / "config.py",
}


def imported(path: Path) -> Iterator[str]:
    """Yield the modules that a file, or the files of a folder, import."""
    for file in path.rglob("*.py") if path.is_dir() else [path]:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                assert node.module is not None, f"{file}: imports are absolute here"
                yield node.module


@pytest.mark.parametrize("package", STANDARD_LIBRARY_ONLY)
def test_it_imports_the_standard_library_only(package: str) -> None:
    found = set(imported(STANDARD_LIBRARY_ONLY[package]))

    others = {module for module in found if module.partition(".")[0] not in sys.stdlib_module_names}

    assert "dataclasses" in found
    assert {module for module in others if not f"{module}.".startswith(f"{package}.")} == set()


def test_the_import_rules_cover_every_package() -> None:
    rules = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    tops = [path.parent for folder in (ROOT, ROOT / "lambda_src") for path in folder.glob("*/__init__.py")]

    assert {path.name for path in tops} == set(rules["root_packages"])
