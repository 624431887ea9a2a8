"""The outputs of a run, as its server reads them."""

from pathlib import Path

from deployment.local_outputs import write_outputs
from local.run_outputs import RunOutputs


def test_a_deployment_is_told_once(tmp_path: Path) -> None:
    changes: list[None] = []
    outputs = RunOutputs(tmp_path, on_change=lambda: changes.append(None))
    before = (outputs(), len(changes))

    write_outputs(tmp_path, {"region": "us-east-1"})
    after = [outputs(), outputs()]

    assert before == ({}, 0)
    assert after == [{"region": "us-east-1"}] * 2
    assert len(changes) == 1
