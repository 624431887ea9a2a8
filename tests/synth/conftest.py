"""One synth of this checkout for all synth tests."""

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from deployment.repository_paths import ROOT
from environments.settings import Settings, load_settings
from tests.synth.support.stack_json import StackJson
from tests.synth.support.synth_run import SynthRun, copy_checkout, synthesize
from tests.synth.support.table_attributes import KEY_IN_CODE, names_in

ENVIRONMENTS = list(tomllib.loads((ROOT / "environments.toml").read_text(encoding="utf-8")))


@pytest.fixture(scope="session")
def synthesis(tmp_path_factory: pytest.TempPathFactory) -> SynthRun:
    """The output of `python main.py` in this checkout."""
    done = synthesize(ROOT, tmp_path_factory.mktemp("synth") / "cdktf.out")
    assert done.exit_code == 0, done.printed
    return done


@pytest.fixture(scope="session")
def stacks(synthesis: SynthRun) -> dict[str, StackJson]:
    """The orders stacks by environment."""
    return {one.environment: one for name, one in synthesis.stacks().items() if name.startswith("orders-")}


@pytest.fixture(scope="session")
def state_stacks(synthesis: SynthRun) -> dict[str, StackJson]:
    """The stacks of the state buckets by environment."""
    return {one.environment: one for name, one in synthesis.stacks().items() if name.startswith("state-")}


@pytest.fixture(scope="session")
def web_stacks(synthesis: SynthRun) -> dict[str, StackJson]:
    """The stacks of the page by environment."""
    return {one.environment: one for name, one in synthesis.stacks().items() if name.startswith("web-")}


@pytest.fixture(params=ENVIRONMENTS)
def stack(request: pytest.FixtureRequest, stacks: dict[str, StackJson]) -> StackJson:
    """Each environment's stack."""
    return stacks[request.param]


@pytest.fixture(scope="session")
def dev(stacks: dict[str, StackJson]) -> StackJson:
    """The stack of `dev`, for tests of parts that are the same everywhere."""
    return stacks["dev"]


@pytest.fixture(scope="session")
def code(dev: StackJson) -> dict[str, str]:
    """The code of each AppSync function."""
    return {one["name"]: one["code"] for one in dev.all("appsync_function")}


@pytest.fixture(scope="session")
def states(dev: StackJson) -> dict[str, Any]:
    """The workflow's states."""
    found: dict[str, Any] = json.loads(dev.only("sfn_state_machine")["definition"])["States"]
    return found


@pytest.fixture(scope="session")
def written(code: dict[str, str]) -> set[str]:
    """The attributes of a new order."""
    row = re.findall(r"const row = \{\n(.*?)\n  \};", code["insertOrder"], re.DOTALL)[0]
    content = re.findall(r"ctx\.stash\.content = \{(.*?)\};", code["readMenuItem"], re.DOTALL)[0]
    _, key = KEY_IN_CODE.findall(code["insertOrder"])[0]
    return {*re.findall(r"^    (\w+)[:,]", row, re.MULTILINE), *names_in(content), *names_in(key)}


@pytest.fixture
def settings(stack: StackJson) -> Settings:
    """The settings of that stack's environment."""
    return {one.environment: one for one in load_settings(ROOT / "environments.toml")}[stack.environment]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of the checkout that a test may change."""
    return copy_checkout(tmp_path / "copy of the checkout")
