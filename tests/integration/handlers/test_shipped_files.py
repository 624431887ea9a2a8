"""The functions' package holds what a handler imports, and nothing else."""

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import grimp
import pytest

from deployment.repository_paths import ROOT
from environments.names import FUNCTIONS
from stacks.synth.packaging import build_package
from tests.support.golden_counts import require_golden

REQUIREMENTS = ROOT / "requirements" / "lambda.txt"
FILES = REQUIREMENTS.with_suffix(".files.txt")
REWRITE = "ORDERS_REWRITE_FILES=1 .venv/bin/python -m pytest tests/integration/handlers/test_shipped_files.py"
# Lambda's runtime has boto3, with all that it needs.
SHIPPED = ("orders", "aws_lambda_powertools", "jmespath", "typing_extensions")
# Powertools imports these for Pydantic's models only, and Pydantic isn't shipped.
FOR_PYDANTIC = (
    "aws_lambda_powertools.utilities.parser",
    "aws_lambda_powertools.utilities.parser.models",
    "aws_lambda_powertools.utilities.parser.models.kafka",
    "aws_lambda_powertools.event_handler.openapi.compat",
)
ENDS = (".py", "/__init__.py")
PROGRAM = """
import importlib, json, sys
importlib.import_module(f"orders.handlers.{sys.argv[1]}")
print(json.dumps({name: module.__file__ for name, module in sys.modules.items() if getattr(module, "__file__", None)}))
"""


def imported_by(function: str) -> dict[str, str]:
    """The modules that a fresh interpreter has after it imported a handler, with their files."""
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT / "lambda_src")}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, function], env=environment, capture_output=True, text=True, check=True
    )
    found: dict[str, str] = json.loads(done.stdout)
    return found


@pytest.fixture(scope="module")
def imported() -> dict[str, dict[str, str]]:
    """The modules of each function."""
    return {function: imported_by(function) for function in FUNCTIONS}


@pytest.fixture(scope="module")
def files(imported: dict[str, dict[str, str]]) -> set[str]:
    """The files of all functions that the package has to hold, as it names them."""
    return {
        path_of(module, file)
        for modules in imported.values()
        for module, file in modules.items()
        if module.partition(".")[0] in SHIPPED
    }


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    output = tmp_path_factory.mktemp("package") / "lambda.zip"
    return build_package(source=ROOT / "lambda_src", requirements=REQUIREMENTS, output=output).path


def test_what_is_imported_of_the_pinned_distributions_ships_and_nothing_else(files: set[str]) -> None:
    found = sorted(file for file in files if not file.startswith("orders/"))
    if os.environ.get("ORDERS_REWRITE_FILES") == "1":
        FILES.write_text("".join(f"{file}\n" for file in found), encoding="utf-8")

    assert FILES.read_text(encoding="utf-8").split() == found, f"If that is meant: {REWRITE}"


def test_every_module_in_the_package_is_imported_by_a_function(files: set[str], package: Path) -> None:
    with zipfile.ZipFile(package) as archive:
        packed = {name for name in archive.namelist() if name.endswith(".py")}

    assert packed == files


def test_what_is_imported_later_ships_too(files: set[str]) -> None:
    graph = grimp.build_graph(*SHIPPED[:3], exclude_type_checking_imports=True, cache_dir=None)

    needed = set(closure(graph, {f"orders.handlers.{function}" for function in FUNCTIONS}))

    assert len(needed) > 100
    assert {name for name in needed if {f"{name.replace('.', '/')}{end}" for end in ENDS}.isdisjoint(files)} == set()


def closure(graph: grimp.ImportGraph, modules: set[str]) -> Iterator[str]:
    """Find what the modules import, in functions too, and the packages around each."""
    seen: set[str] = set()
    while modules:
        name = modules.pop()
        if name in seen or name not in graph.modules or name in FOR_PYDANTIC:
            continue
        seen.add(name)
        yield name
        modules |= graph.find_modules_directly_imported_by(name) | {name.rpartition(".")[0]}


def test_no_function_imports_more_modules_than_it_did(imported: dict[str, dict[str, str]]) -> None:
    # The standard library's are others in each version of Python.
    found = {
        f"modules imported by {function}": sum(
            name.partition(".")[0] not in sys.stdlib_module_names for name in modules
        )
        for function, modules in imported.items()
    }

    require_golden(found)


def test_the_package_is_no_larger_than_it_was(package: Path) -> None:
    require_golden({"bytes of the functions' package": package.stat().st_size})


def path_of(module: str, file: str) -> str:
    """The path of a module's file as the package has it."""
    parts = Path(file).parts
    return "/".join(parts[len(parts) - 1 - module.count(".") - (parts[-1] == "__init__.py") :])
