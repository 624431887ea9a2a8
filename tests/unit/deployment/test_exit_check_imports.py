"""Only a few files import CDKTF, so that it can be replaced by rewriting them."""

import ast
from collections.abc import Iterator

from deployment.repository_paths import ROOT

FOLDERS = ("environments", "stacks", "deployment", "emulator", "local", "lambda_src", "tests")


def importing_cdktf() -> Iterator[str]:
    for path in [*ROOT.glob("*.py"), *(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py"))]:
        if any(name.startswith("cdktf") for name in imported(ast.parse(path.read_text(encoding="utf-8")))):
            yield path.relative_to(ROOT).as_posix()


def imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


def test_cdktf_is_imported_in_main_the_stacks_and_the_synth_tests_conftest_only() -> None:
    found = set(importing_cdktf())

    assert {"main.py", "stacks/orders/stack.py"} <= found
    assert [
        name
        for name in sorted(found)
        if name not in {"main.py", "tests/synth/conftest.py"} and not name.startswith("stacks/")
    ] == []
