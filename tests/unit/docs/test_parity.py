"""The table of AWS's behaviours that the project relies on: each row is complete, with a test."""

import ast
import re
from datetime import date

import pytest

from deployment.repository_paths import ROOT

PAGE = ROOT / "docs" / "parity.md"
COLUMNS = ["id", "behaviour", "source", "here", "test", "the account said"]
NOT_YET_ASKED = "not yet asked"
# The rows that were open when the table began. An answer changes a row, and never removes it.
ASKED_FROM_THE_BEGINNING = {
    *("failed-condition-row", "unset-subscription-variable", "console-error-at-level-error", "log-role-source-account"),
    *("depth-limit-of-introspection", "passed-to-service", "boundary-without-kms", "workflow-log-streams"),
    *("github-ref-claim", "events-after-start-ack"),
}


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def rows() -> list[dict[str, str]]:
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    below_a_header = [number + 2 for number, line in enumerate(lines) if cells(line) == COLUMNS]
    found = []
    for number in below_a_header:
        while number < len(lines) and lines[number].startswith("|"):
            found.append(dict(zip(COLUMNS, cells(lines[number]), strict=True)))
            number += 1
    return found


ROWS = {row["id"].strip("`"): row for row in rows()}


def test_ids_are_told_apart_and_fit_a_name_of_a_check() -> None:
    assert len(rows()) == len(ROWS) > 40
    assert [id_ for id_ in ROWS if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", id_)] == []


def test_the_questions_of_the_beginning_are_there() -> None:
    assert set(ROWS) >= ASKED_FROM_THE_BEGINNING


@pytest.mark.parametrize("id_", ROWS)
def test_a_row_has_all_fields(id_: str) -> None:
    assert all(ROWS[id_].values())


@pytest.mark.parametrize("id_", ROWS)
def test_the_test_of_a_row_is_there(id_: str) -> None:
    named = re.findall(r"`([^`]+)::(\w+)`", ROWS[id_]["test"])

    assert named
    for path, name in named:
        tree = ast.parse((ROOT / "tests" / path).read_text(encoding="utf-8"))
        assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}, path


@pytest.mark.parametrize("id_", ROWS)
def test_an_answer_of_the_account_has_its_date(id_: str) -> None:
    said = ROWS[id_]["the account said"]

    assert said == NOT_YET_ASKED or date.fromisoformat(said[:10]) <= date.today(), said
