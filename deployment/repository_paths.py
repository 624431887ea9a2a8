"""Paths in this checkout."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / ".build"
PLANS = BUILD / "plans"
RUN_DIRECTORY = ROOT / ".local"
NODE = ROOT / "node_modules" / ".bin" / "node"
CDKTF = ROOT / "node_modules" / "cdktf-cli" / "bundle" / "bin" / "cdktf.js"


def files_fingerprint(files: Iterable[Path]) -> str:
    """A hash of the files' names and contents, to tell whether anything changed."""
    digest = hashlib.sha256()
    for path in sorted(files):
        digest.update(f"{path.relative_to(ROOT)}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()
