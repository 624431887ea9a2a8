"""Write the measured parts of docs/performance.md, each between two markers."""

import re
from collections.abc import Sequence

from deployment.repository_paths import ROOT
from environments.atomic_file import write_atomically

FILE = ROOT / "docs" / "performance.md"


def written(document: str, command: str, part: str) -> str:
    """Return the document with the part that the command makes; ValueError when its markers aren't there once."""
    head, tail = f"<!-- made by `{command}` -->\n", f"<!-- end of `{command}` -->"
    pieces = re.split(f"{re.escape(head)}.*?{re.escape(tail)}", document, flags=re.DOTALL)
    if len(pieces) != 2:
        raise ValueError(f"{FILE.name} must have the markers of `{command}` once, got {len(pieces) - 1}")
    return f"\n{part}\n\n".join((pieces[0] + head, tail + pieces[1]))


def write(command: str, tables: Sequence[str]) -> None:
    """Put the tables into the document; print them too."""
    part = "\n\n".join(tables)
    write_atomically(FILE, written(FILE.read_text(encoding="utf-8"), command, part))
    print(f"{part}\n\nAll of it is in {FILE.relative_to(ROOT)} now.")
