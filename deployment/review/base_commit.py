"""The other side of the comparison: the commit at which this branch left the main branch."""

import os
import re
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deployment.repository_paths import ROOT
from environments.user_error import UserError

MAIN = ("origin/main", "main")
REQUIREMENTS = Path("requirements/lambda.txt")
# The files of them that the package holds.
SHIPPED = Path("requirements/lambda.files.txt")
PINS = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", re.MULTILINE)


def find_base(wanted: str | None) -> str:
    """The commit that this checkout and the main branch, or the wanted reference, have in common."""
    if _git("rev-parse", "--is-inside-work-tree") is None:
        raise UserError("this is not a git checkout, so there is no main branch to compare with")
    for reference in [wanted] if wanted else MAIN:
        if _git("rev-parse", "--verify", "--quiet", f"{reference}^{{commit}}") is not None:
            common = _git("merge-base", reference, "HEAD")
            if common is None:
                raise UserError(f"{reference} and HEAD have no commit in common here: fetch the whole history")
            return common
    # On one line, whatever it is.
    names = " nor ".join(MAIN) if not wanted else wanted if wanted.isprintable() else repr(wanted)
    raise UserError(f"git knows no {names}: fetch it, or name another base with --base (make review BASE=…)")


@contextmanager
def check_out(commit: str) -> Iterator[Path]:
    """A temporary git worktree of the commit, with the packages that this checkout has installed."""
    with tempfile.TemporaryDirectory(prefix="orders-review-") as temporary:
        worktree = Path(temporary) / "base"
        if _git("worktree", "add", "--detach", str(worktree), commit) is None:
            raise UserError(f"git can't check {commit[:12]} out beside this checkout: try `git worktree prune`")
        try:
            # The functions' packages are taken from this Python environment, which has this checkout's versions.
            for file in (REQUIREMENTS, SHIPPED):
                (worktree / file).write_bytes((ROOT / file).read_bytes())
            yield worktree
        finally:
            _git("worktree", "remove", "--force", str(worktree))


def package_pins(commit: str | None = None) -> dict[str, str]:
    """The versions of the functions' Python packages, in this checkout or in a commit."""
    if commit is None:
        text = (ROOT / REQUIREMENTS).read_text(encoding="utf-8")
    else:
        text = text_at(commit, REQUIREMENTS.as_posix())
    return dict(PINS.findall(text))


def text_at(commit: str, path: str) -> str:
    """The text of a file in a commit, nothing for a file that it hasn't; UserError for a commit that isn't there."""
    if _git("rev-parse", "--verify", "--quiet", f"{commit}^{{commit}}") is None:
        raise UserError(f"git knows no commit {commit!r}: fetch it")
    return _git("show", f"{commit}:{path}") or ""


def _git(*arguments: str) -> str | None:
    """Return what git says, or None when it fails."""
    try:
        # A hook that a user has for checkouts of their own isn't meant for a temporary one.
        command = ["git", "-c", f"core.hooksPath={os.devnull}", *arguments]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        raise UserError("git is not installed") from None
    return done.stdout.strip() if done.returncode == 0 else None
