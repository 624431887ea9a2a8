"""Each open row of docs/parity.md has a question in `make verify`, or a reason why not."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from deployment.repository_paths import ROOT
from verify.questions import QUESTIONS, UNASKABLE, Question

PAGE = ROOT / "docs" / "parity.md"
OPEN = "Open"


def sections(page: Path) -> dict[str, list[list[str]]]:
    """Return the rows of the page's tables by heading. A row is its cells, the id first."""
    found: dict[str, list[list[str]]] = {}
    heading = ""
    for line in page.read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            heading = line.removeprefix("## ").strip()
        elif line.startswith("|"):
            found.setdefault(heading, []).append(list(cells(line)))
    return {heading: rows for heading, (head, _, *rows) in found.items() if head[0] == "id"}


def cells(line: str) -> Iterator[str]:
    r"""Yield the cells of a row; a `\|` is part of a text."""
    for cell in line.replace("\\|", "\0").strip().strip("|").split("|"):
        yield cell.replace("\0", "|").strip()


@pytest.fixture(scope="module")
def rows() -> dict[str, str]:
    """The open behaviours by their ids."""
    tables = sections(PAGE)
    assert OPEN in tables, f"{PAGE.name} has the tables {list(tables)}, expected one with ids under ## {OPEN}"
    return {id_.strip("`"): behaviour for id_, behaviour, *_ in tables[OPEN]}


def test_every_open_row_is_asked_or_has_a_reason_why_it_is_not(rows: dict[str, str]) -> None:
    asked = {question.id for question in QUESTIONS}

    only_here = {"in docs/parity.md": rows.keys() - asked - UNASKABLE.keys()}
    only_here["in verify/questions.py"] = (asked | UNASKABLE.keys()) - rows.keys()
    assert not any(only_here.values()), only_here


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.id)
def test_a_question_is_about_what_its_row_says(rows: dict[str, str], question: Question) -> None:
    assert question.behaviour == rows.get(question.id)
