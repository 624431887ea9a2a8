"""Decisions: each page has its four parts, and stands in the index once, under its title."""

import re
from collections import Counter
from datetime import date

import pytest
from markdown_it import MarkdownIt

from tests.unit.support.checkout_files import files, text_of

FOLDER = "docs/decisions/"
DECISIONS = files(f"{FOLDER}*/*.md")
PARTS = ["Context", "Decision", "Instead of", "Costs"]


def listed() -> Counter[tuple[str, str]]:
    """Return the decisions that the index links to, as page and title."""
    pages: Counter[tuple[str, str]] = Counter()
    for token in MarkdownIt("commonmark").parse(text_of(f"{FOLDER}README.md")):
        # A title may go on in the next line.
        for title, page in re.findall(r"\[([^]]+)\]\((\w[^)]*/[^)]+)\)", token.content.replace("\n", " ")):
            pages[f"{FOLDER}{page}", title] += 1
    return pages


@pytest.mark.parametrize("name", DECISIONS)
def test_a_decision_has_its_title_its_date_and_four_parts(name: str) -> None:
    title, decided, *parts = re.split(r"\n\n(?=Decided on |\*\*[A-Z][a-z ]+\.\*\*)", text_of(name))

    assert re.fullmatch(r"# [^\n]+[^\n.]", title)
    assert re.match(r"Decided on \d{4}-\d\d-\d\d\.", decided)
    for day in re.findall(r"\d{4}-\d\d-\d\d", decided):
        assert date.fromisoformat(day) <= date.today(), day
    assert [part.partition(".**")[0].removeprefix("**") for part in parts] == PARTS
    assert all(part.partition(".**")[2].strip() for part in parts)


def test_the_index_has_each_decision_once_by_its_title() -> None:
    titles = {(name, text_of(name).partition("\n")[0].removeprefix("# ")) for name in DECISIONS}

    assert listed() == Counter(titles)


@pytest.mark.parametrize("pattern", ["*.py", "*.ts", "*.tsx", "*.js", "*.yml", "*.toml"])
def test_a_decision_that_code_names_is_there(pattern: str) -> None:
    named = {page for name in files(pattern) for page in re.findall(r"docs/decisions/[\w/-]+\.md", text_of(name))}

    assert named <= {*DECISIONS, f"{FOLDER}README.md"}
