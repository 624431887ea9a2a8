"""The code of every AppSync function and resolver, as Terraform sends it, passes AWS's own lint."""

from pathlib import Path

import pytest

from tests.support.resolver_lint import lint, write
from tests.synth.support.stack_json import REFERENCE, StackJson, unescaped

pytestmark = pytest.mark.contract


def test_all_code_that_is_deployed_passes(tmp_path: Path, stacks: dict[str, StackJson]) -> None:
    found: dict[str, str] = {}
    for stack in stacks.values():
        for one in (*stack.all("appsync_function"), *stack.all("appsync_resolver")):
            file = f"functions/{one['name']}.js" if "name" in one else f"{one['type']}.{one['field']}.js"
            found[unescaped(REFERENCE.sub("sample", one["code"]))] = f"{stack.environment}/{file}"

    for code, file in found.items():
        write(tmp_path, file, code)

    assert len(found) > 25
    assert lint(tmp_path) == ""
