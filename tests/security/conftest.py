"""The stacks that the scanners read."""

import shutil
from pathlib import Path

import pytest

from deployment.repository_paths import ROOT
from tests.synth.support.synth_run import SynthRun, synthesize


@pytest.fixture(scope="session")
def synthesis(tmp_path_factory: pytest.TempPathFactory) -> SynthRun:
    """The stacks of all environments."""
    done = synthesize(ROOT, tmp_path_factory.mktemp("synth") / "cdktf.out")
    assert done.exit_code == 0, done.printed
    return done


@pytest.fixture(scope="session")
def reviewed(synthesis: SynthRun, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the JSON of each stack of prod, and of each delivery stack."""
    folder = tmp_path_factory.mktemp("reviewed")
    for stack in (synthesis.output / "stacks").iterdir():
        if stack.name.endswith("-prod") or stack.name.startswith("delivery-"):
            (folder / stack.name).mkdir()
            shutil.copy(stack / "cdk.tf.json", folder / stack.name)
    return folder
