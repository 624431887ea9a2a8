"""Synth is fast, small and silent, and writes the same bytes whichever way the bindings are loaded."""

import os
from pathlib import Path

from deployment.checkout import ROOT
from tests.synth.support.checkout import Synthesis, synthesize

RATIO = 6
PEAK_BYTES = 250_000_000


def test_synth_says_nothing(synthesis: Synthesis) -> None:
    assert synthesis.said == ""


def test_synth_writes_the_same_again_also_from_another_folder(
    synthesis: Synthesis, checkout: Path, tmp_path: Path
) -> None:
    again = synthesize(checkout, tmp_path / "elsewhere")

    assert again.said == ""
    assert again.differing(synthesis) == []
    assert [name for name, content in again.files().items() if os.fsencode(checkout) in content] == []
    assert [name for name, content in synthesis.files().items() if os.fsencode(ROOT) in content] == []


def test_lazy_bindings_write_the_same_as_eager_ones_in_a_sixth_of_the_time(
    synthesis: Synthesis, checkout: Path, tmp_path: Path
) -> None:
    lazy = synthesize(checkout, tmp_path / "lazy")

    eager = synthesize(checkout, tmp_path / "eager", ORDERS_EAGER_BINDINGS="1")

    assert eager.exit_code == 0, eager.said
    assert lazy.differing(eager) == []
    assert len(lazy.stacks()) >= 4
    assert min(lazy.cpu_seconds, synthesis.cpu_seconds) * RATIO <= eager.cpu_seconds
    assert min(lazy.peak_bytes, synthesis.peak_bytes) < PEAK_BYTES < eager.peak_bytes
