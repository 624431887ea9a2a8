"""A baseline that can't be built is one line, and nothing is run."""

from pathlib import Path

import pytest

from bench.baseline import NotBuilt, baseline_run
from environments.user_error import UserError


def test_a_commit_that_the_history_lacks_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(NotBuilt) as refused, baseline_run("0" * 40, tmp_path):
        pass

    assert str(refused.value) == f"without a baseline: git has no commit {'0' * 40} here, as in a shallow clone"


@pytest.mark.parametrize("commit", ["main", "--output=x", "71e95", "71e95b8;x", ""])
def test_a_baseline_is_the_hash_of_a_commit(commit: str, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="expected the hash of a commit, or no"), baseline_run(commit, tmp_path):
        pass
