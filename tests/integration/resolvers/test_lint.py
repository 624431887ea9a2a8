"""AppSync's lint and our own, on the resolvers' sources and on the code that AppSync gets."""

from pathlib import Path

import pytest

from deployment.repository_paths import ROOT
from stacks.synth.rendering import render_code
from tests.integration.support.resolver_player import RESOLVERS, VALUES, code_of
from tests.support.resolver_lint import lint, rules_of_appsync, rules_of_resolvers, write

pytestmark = pytest.mark.contract

HANDLERS = "export function request(ctx) {\n  %s\n}\n\nexport function response(ctx) {\n  return ctx.result;\n}\n"
UNSUPPORTED = {
    "try { return ctx.args; } catch { return null; }": "@aws-appsync/no-try",
    "return ctx.args.list.filter(/a/);": "@aws-appsync/no-regex",
    "for (let i = 0; i < 3; i += 1) { ctx.stash.i = i; }": "@aws-appsync/no-for",
    "const id = ''; return id.padStart(26);": "@aws-appsync/no-disallowed-methods",
    "return request(ctx);": "@aws-appsync/no-recursion",
    "return ctx.args.id.padStart(26);": "no-restricted-syntax",
    "throw ctx.error;": "no-restricted-syntax",
    "return new Date();": "no-restricted-syntax",
    "return setTimeout(1);": "no-undef",
}


def test_every_rule_of_appsyncs_plugin_is_held() -> None:
    told = rules_of_resolvers()

    assert len(rules_of_appsync()) > 20
    assert {rule for rule in rules_of_appsync() if told.get(rule, [0])[0] != 2} == set()


def test_the_resolvers_as_they_stand_pass() -> None:
    assert lint(ROOT) == ""


def test_the_resolvers_as_they_reach_appsync_pass(tmp_path: Path) -> None:
    for file in files():
        write(tmp_path, file, code_of(file, change_window_seconds=300))

    assert lint(tmp_path) == ""


def test_the_resolvers_with_terraforms_marks_escaped_pass(tmp_path: Path) -> None:
    for file in files():
        text = (RESOLVERS / file).read_text(encoding="utf-8")
        write(tmp_path, file, render_code(text, VALUES | {"change_window_seconds": 300}))

    assert lint(tmp_path) == ""


@pytest.fixture(scope="module")
def complaints(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The lint's output on one file for each fault, in one run, because ESLint starts slowly."""
    directory = tmp_path_factory.mktemp("unsupported")
    for number, code in enumerate(UNSUPPORTED):
        write(directory, f"Query.bad{number}.js", HANDLERS % code)
    return lint(directory)


@pytest.mark.parametrize("number", range(len(UNSUPPORTED)), ids=UNSUPPORTED.values())
def test_what_appsync_doesnt_have_is_found(complaints: str, number: int) -> None:
    _, _, rest = complaints.partition(f"Query.bad{number}.js\n")

    found, _, _ = rest.partition("\n\n")

    assert list(UNSUPPORTED.values())[number] in found


def files() -> list[str]:
    """Return the resolver files' paths below stacks/orders/resolvers."""
    return sorted(path.relative_to(RESOLVERS).as_posix() for path in RESOLVERS.rglob("*.js"))
