"""The files of the checkout and their texts."""

import subprocess

from deployment.repository_paths import ROOT


def files(pattern: str) -> list[str]:
    """Return the files that Git tracks or doesn't ignore, by their paths in the checkout."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", pattern]
    names = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    return [name for name in names if (ROOT / name).exists()]


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")
