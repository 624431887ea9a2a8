"""A background job is independent of the tests that run beside it, and reports its failure."""

import platform
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.background import Background, JobFailed
from tests.unit.support.sample_jobs import fail, look


@pytest.fixture
def background(tmp_path: Path) -> Iterator[Background]:
    jobs = Background(lambda _: tmp_path)
    yield jobs
    jobs.wait()


def test_a_job_sees_nothing_of_what_a_test_replaces(background: Background, monkeypatch: pytest.MonkeyPatch) -> None:
    before = look(Path())
    background.start("look", look)
    monkeypatch.setattr(platform, "system", lambda: "replaced")
    monkeypatch.setenv("ONLY_IN_THE_TEST", "yes")

    assert background.result("look") == before


def test_a_job_that_fails_tells_what_it_and_its_programs_said(background: Background) -> None:
    background.start("fail", fail)

    with pytest.raises(JobFailed) as error:
        background.result("fail")

    first, second, *said = str(error.value).splitlines()
    assert (first, second) == ("ValueError: no way on", "It said:")
    assert sorted(said) == ["what a program said", "what went before"]
