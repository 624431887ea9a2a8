"""The administrator's key pair of one local run."""

import json
import os
import secrets
import string
from dataclasses import asdict, dataclass, field
from pathlib import Path

FILE_NAME = "keys.json"


class UnusableDirectory(Exception):
    """The directory can't contain the server's files."""


@dataclass(frozen=True, kw_only=True)
class Keys:
    """A key pair with all permissions on this server, like an account's administrator."""

    access_key_id: str
    secret_access_key: str = field(repr=False)


def make_keys() -> Keys:
    """Return a new random pair in AWS's form, never twelve digits: MiniStack reads an account."""
    letters = string.ascii_uppercase + "234567"
    return Keys(
        access_key_id="AKIA" + "".join(secrets.choice(letters) for _ in range(16)),
        secret_access_key=secrets.token_urlsafe(30),
    )


def load_or_make_keys(directory: Path) -> Keys:
    """Return the pair in the directory's keys.json, which is created (mode 600) if it is missing.

    Raises UnusableDirectory.
    """
    path = directory / FILE_NAME
    try:
        directory.mkdir(parents=True, exist_ok=True)
        if path.exists():
            path.chmod(0o600)
            return Keys(**json.loads(path.read_text()))
        keys = make_keys()
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            json.dump(asdict(keys), file)
        return keys
    except OSError as error:
        raise UnusableDirectory(f"cannot keep the server's files in {directory}: {error.strerror}") from error
    except (TypeError, ValueError) as error:
        raise UnusableDirectory(f"{path} doesn't hold a key pair; remove it for a new one") from error
