"""Writes a file whole or not at all: on a full disk, and after Ctrl-C, the one before is still there."""

from pathlib import Path

from environments.named_errors import naming


def write_atomically(path: Path, text: str) -> None:
    """Put a file with this text in the place of the one before."""
    partial = path.with_suffix(".partial")
    try:
        with naming(path):
            partial.write_text(text, encoding="utf-8")
            partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
