"""The token that opens the engineer's endpoints: random for each start, in a file for its owner's eyes only."""

import os
import secrets
from pathlib import Path

from environments.named_errors import naming

FILE_NAME = "engineer-token"
# A header of its own, so that no other site's page can send it without asking first, and it is never let.
TOKEN_HEADER = "x-local-token"  # noqa: S105  # a name, no token


def make_token(directory: Path) -> str:
    """Write and return a new token in the place of the last one."""
    token, path = secrets.token_urlsafe(24), directory / FILE_NAME
    path.unlink(missing_ok=True)
    with naming(path), os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(token)
    return token


def engineer_url(directory: Path, web_url: str) -> str | None:
    """Return the address of the engineer's view, the token in the part that no browser sends; None before a start."""
    token = read_token(directory)
    return f"{web_url}engineer#{token}" if token else None


def read_token(directory: Path) -> str:
    """Return the token of this start; an empty one before a start."""
    try:
        return (directory / FILE_NAME).read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""
