"""Synth is fast, small and silent, and writes the same bytes with lazy and eager bindings."""

import os
from pathlib import Path

import pytest

from deployment.repository_paths import ROOT
from tests.synth.support.synth_run import SynthRun, copy_checkout, synthesize

# A sixth of the time and less than half of the memory. The stacks grow, the 2,135 modules don't.
RATIO = 4
PEAK_BYTES = 320_000_000


def test_synth_says_nothing(synthesis: SynthRun) -> None:
    assert synthesis.printed == ""


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Another folder with the checkout's files, and a name with all that a shell or Node.js could take for its own."""
    return copy_checkout(tmp_path_factory.mktemp("copies") / 'copy of "the" checkout\'s \\ $HOME `é` & #1;%20')


@pytest.fixture(scope="module")
def again(copy: Path, tmp_path_factory: pytest.TempPathFactory) -> SynthRun:
    """Another synth, in the copy."""
    return synthesize(copy, tmp_path_factory.mktemp("again") / "cdktf.out")


def test_synth_writes_the_same_again_also_from_another_folder(synthesis: SynthRun, again: SynthRun, copy: Path) -> None:
    assert again.printed == ""
    assert again.differing(synthesis) == []
    assert [name for name, content in again.files().items() if os.fsencode(copy) in content] == []
    assert [name for name, content in synthesis.files().items() if os.fsencode(ROOT) in content] == []


def test_lazy_bindings_write_the_same_as_eager_ones_in_a_quarter_of_the_time(
    synthesis: SynthRun, again: SynthRun, copy: Path, tmp_path: Path
) -> None:
    eager = synthesize(copy, tmp_path / "eager", ORDERS_EAGER_BINDINGS="1")

    assert eager.exit_code == 0, eager.printed
    assert again.differing(eager) == []
    assert len(again.stacks()) >= 4
    assert min(again.cpu_seconds, synthesis.cpu_seconds) * RATIO <= eager.cpu_seconds
    assert min(again.peak_bytes, synthesis.peak_bytes) < PEAK_BYTES < eager.peak_bytes
