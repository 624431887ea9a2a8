"""The output of `make status`."""

from pathlib import Path

import pytest

from local import __main__ as command_line


class Broken:
    """A broken local run, with foreign text in its error."""

    def __init__(self) -> None:
        self.directory = Path("nowhere")

    def problems(self) -> list[str]:
        return ["web_url: \x1b[2J\u202e[red]\nall is well"]


def test_a_problem_is_one_line_that_steers_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command_line, "LocalRun", Broken)

    assert command_line.main(["status"]) == 1

    assert capsys.readouterr().out == "web_url: \\x1b[2J\\u202e[red]\\nall is well\n"
