"""Documents link to existing files, headings and names."""

import fnmatch
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from deployment.repository_paths import ROOT
from tests.unit.support.checkout_files import files, text_of

# In these pages, a path in backticks must exist. In others it may be a fault, an example or past.
GUIDES = ["CONTRIBUTING.md", "docs/glossary.md", *(name for name in files("*README.md") if name != "README.md")]
# Files and folders, each after a slash, so that a guide may leave out its own folder.
PLACES = {f"/{place}" for name in files("*") for place in (name, *map(str, Path(name).parents))}
PATH = re.compile(r"[\w.-]*[\w*]/[\w./*-]*|[\w-]+\.(?:py|md|toml|json|graphql)")


def inline(source: str) -> Iterator[Token]:
    """Return the tokens in the paragraphs, headings and tables of a page."""
    for token in MarkdownIt("commonmark").enable("table").parse(source):
        yield from token.children or []


def anchors(page: Path) -> set[str]:
    """Return the anchors that GitHub makes of a page's headings."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("name", files("*.md"))
def test_a_link_leads_somewhere(name: str) -> None:
    targets = [str(token.attrs["href"]) for token in inline(text_of(name)) if token.type == "link_open"]

    for target in (target for target in targets if not re.match("[a-z]+:", target)):
        file, _, anchor = target.partition("#")
        page = (ROOT / name).parent / file if file else ROOT / name
        assert page.exists(), f"{name} links to {target}"
        assert not anchor or anchor in anchors(page), f"{name} links to {target}, a heading that isn't there"


@pytest.mark.parametrize("name", GUIDES)
def test_a_guide_names_files_that_exist(name: str) -> None:
    spans = [token.content.rstrip("/") for token in inline(text_of(name)) if token.type == "code_inline"]

    missing = [span for span in spans if PATH.fullmatch(span) and not fnmatch.filter(PLACES, f"*/{span}")]

    assert missing == []


def test_the_glossary_says_where_each_term_is() -> None:
    rows = re.findall(r"^\| ([^|]+) \| [^|]+ \| (.+) \|$", text_of("docs/glossary.md"), re.MULTILINE)[1:]

    assert len(rows) > 20
    assert [term for term, _ in rows] == sorted((term for term, _ in rows), key=str.lower)
    for term, code in rows:
        places = re.findall(r"`([^`]+)`((?:: `[^`]+`(?:, `[^`]+`)*)?)", code)
        assert places, f"{term}: no place in the code"
        for path, names in places:
            for found in re.findall("`([^`]+)`", names):
                assert re.search(rf"(?<![\w-]){re.escape(found)}(?![\w-])", text_of(path)), (
                    f"{term}: {path} has no {found}"
                )
