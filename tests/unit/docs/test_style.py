"""Rules of docs/style.md that a program can check."""

import ast
import re
from collections.abc import Callable, Iterator

import pytest
from markdown_it import MarkdownIt

from tests.unit.support.checkout_files import files, text_of

QUESTION = re.compile(r"\s*(What|Where|How|Who|Whose|Whoever|Whether|When|Why|Tells?|Says?)\b")
COLUMNS = 100


def docstrings_that_ask(source: str) -> Iterator[str]:
    """Find docstrings that begin with a question word or with tell or say, as `line: text`."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            docstring = ast.get_docstring(node)
            if docstring and QUESTION.match(docstring):
                yield f"{node.body[0].lineno}: {docstring.splitlines()[0]}"


def long_lines(source: str) -> Iterator[str]:
    """Find lines of prose that are too long, as `line: text`; tables, code and raw HTML are no prose.

    A line without a space, such as a long address, can't be shorter.
    """
    lines = source.splitlines()
    tables = 0
    for token in MarkdownIt("commonmark").enable("table").parse(source):
        tables += token.nesting if token.type in ("table_open", "table_close") else 0
        if token.type == "inline" and token.map and not tables:
            for number in range(*token.map):
                if len(lines[number]) > COLUMNS and " " in lines[number].strip():
                    yield f"{number + 1}: {lines[number]}"


@pytest.mark.parametrize(("pattern", "faults"), [("*.py", docstrings_that_ask), ("*.md", long_lines)])
def test_files_keep_to_the_style(pattern: str, faults: Callable[[str], Iterator[str]]) -> None:
    found = [f"{name}:{fault}" for name in files(pattern) for fault in faults(text_of(name))]

    assert found == [], f"docs/style.md says how to write:\n{chr(10).join(found)}"


@pytest.mark.parametrize("word", ["What it does.", "Whether it does.", "Tells what it does.", "\n    Say it."])
def test_a_docstring_that_asks_is_found(word: str) -> None:
    source = f'class Thing:\n    async def act(self):\n        """{word}"""\n'

    assert len(list(docstrings_that_ask(source))) == 1


def test_a_word_may_begin_with_the_letters_of_a_question() -> None:
    assert list(docstrings_that_ask('"""Whole rows, and who wrote them."""')) == []


def test_only_prose_has_to_be_short() -> None:
    long = "word " * 30
    address = "https://example.com/" + 30 * "word-"

    source = f"# {long}\n\n{long}\n\n- {long}\n\n"
    source += f"{address}\n\n| {long} |\n|---|\n| {long} |\n\n    {long}\n\n```\n{long}\n```\n"

    assert [line.partition(":")[0] for line in long_lines(source)] == ["1", "3", "5"]
