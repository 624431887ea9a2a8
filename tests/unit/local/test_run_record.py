"""A run whose deployment somebody changes counts as deployed again once it is put back, and not before."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from deployment.repository_paths import ROOT
from deployment.run_port import FILE_NAME
from environments.user_error import UserError
from local.costs import __main__ as costs
from local.run import LocalRun
from local.run_record import RunRecord, counted_as_undeployed

RECORD = RunRecord(pid=1, port=4566, server_code="code", deployed={"stack": "code"}, page="page")
KILLED = """
import os, pathlib, signal, sys
from local.costs import without_live_updates as subject
class Functions:
    def get_function_configuration(self, **_): return {"Environment": {"Variables": {}}}
    def list_event_source_mappings(self, **_): return {"EventSourceMappings": [{"UUID": "1"}]}
    def update_function_configuration(self, **_): os.kill(os.getpid(), signal.SIGKILL)
subject.client = lambda *_: Functions()
with subject.without_live_updates({"functions": {"announce": "x"}}, pathlib.Path(sys.argv[1])):
    pass
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    RECORD.write(tmp_path / FILE_NAME)
    return tmp_path / FILE_NAME


def test_it_counts_as_undeployed_meanwhile_and_its_page_stays(file: Path) -> None:
    with counted_as_undeployed(file.parent):
        meanwhile = RunRecord.read(file)

    assert meanwhile == replace(RECORD, deployed=None)
    assert RunRecord.read(file) == RECORD


def test_after_ctrl_c_it_has_been_put_back(file: Path) -> None:
    with pytest.raises(KeyboardInterrupt), counted_as_undeployed(file.parent):
        raise KeyboardInterrupt

    assert RunRecord.read(file) == RECORD


def test_after_a_failure_it_may_not_have_been_put_back(file: Path) -> None:
    with pytest.raises(OSError, match="no answer"), counted_as_undeployed(file.parent):
        raise OSError("no answer")

    assert RunRecord.read(file) == replace(RECORD, deployed=None)


def test_another_server_that_was_started_meanwhile_is_not_concerned(file: Path) -> None:
    newer = replace(RECORD, pid=2, deployed=None)

    with counted_as_undeployed(file.parent):
        newer.write(file)

    assert RunRecord.read(file) == newer


def test_without_a_run_there_is_none_afterwards(tmp_path: Path) -> None:
    with counted_as_undeployed(tmp_path):
        pass

    assert list(tmp_path.iterdir()) == []


def test_a_killed_count_of_costs_leaves_a_run_that_up_deploys(file: Path) -> None:
    killed = subprocess.run([sys.executable, "-c", KILLED, str(file.parent)], cwd=ROOT, check=False)

    assert killed.returncode == -9
    assert RunRecord.read(file) == replace(RECORD, deployed=None)


def test_the_next_count_of_costs_says_so_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(LocalRun, "problems", lambda _: ["what is deployed isn't complete: `make up` goes on"])
    monkeypatch.setattr(costs, "read_outputs", lambda _: pytest.fail("it was measured"))

    with pytest.raises(UserError, match="isn't complete: `make up` goes on"):
        costs.main([])


def test_a_record_of_an_older_release_names_the_server_and_has_it_deployed_anew(file: Path) -> None:
    file.write_text(file.read_text().replace('{\n    "stack": "code"\n  }', '"stacks"'))

    assert RunRecord.read(file) == replace(RECORD, deployed=None)
