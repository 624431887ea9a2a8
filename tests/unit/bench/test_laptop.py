"""The waits on a laptop are measured by commands and changes that there are."""

from pathlib import Path

import pytest

from bench import laptop
from bench.laptop import CHANGES, TIERS, Failed
from deployment.repository_paths import ROOT


class StandIn:
    """A clone whose commands do nothing; one of them fails."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.made: list[str] = []

    def make(self, target: str) -> float:
        self.made.append(target)
        if target == "test-e2e":
            raise Failed("make test-e2e", "1 failed", 7.0)
        return float(len(self.made))

    def forget_changes(self) -> None:
        self.made.append("forgotten")


@pytest.fixture
def clone(tmp_path: Path) -> StandIn:
    for file, _ in CHANGES.values():
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).touch()
    return StandIn(tmp_path)


def test_each_change_is_brought_up_several_times(clone: StandIn) -> None:
    waits = laptop._waits(clone)  # type: ignore[arg-type]

    assert [len(waits[laptop._after(name)]) for name in CHANGES] == [3, 3, 3]
    assert clone.made[-2:] == ["down", "forgotten"]
    assert all((clone.folder / file).read_text(encoding="utf-8") == 3 * line for file, line in CHANGES.values())


def test_the_time_of_a_tier_that_failed_is_kept_and_said(clone: StandIn) -> None:
    so_far = [dict(found) for found in laptop._tests(clone)]  # type: ignore[arg-type]

    assert list(map(len, so_far)) == [*range(1, len(TIERS) + 2)]
    tests = so_far[-1]
    assert tests["`make test-e2e`, which failed: 1 failed"] == [7.0]


def test_what_is_changed_and_run_is_there() -> None:
    targets = (ROOT / "Makefile").read_text(encoding="utf-8")

    assert all((ROOT / file).is_file() for file, _ in CHANGES.values())
    assert all(tier.removeprefix("test-") in targets for tier in TIERS)
