"""The environments by name; needs nothing but Python. What may stand in the file is checked at synthesis."""

import tomllib
from pathlib import Path
from typing import Any

from deployment.checkout import ROOT, LocalRunError

FILE = ROOT / "environments.toml"


def environments() -> list[str]:
    """The names of the environments, in the file's order."""
    return list(tables())


def settings(environment: str) -> dict[str, Any]:
    """What `environments.toml` says of one environment, as it stands there."""
    found = tables()
    if environment not in found:
        raise LocalRunError(f"{FILE.name} has no table [{environment}]; it has {', '.join(found)}")
    return found[environment]


def tables(file: Path = FILE) -> dict[str, dict[str, Any]]:
    """All tables, by name; a file that can't be read is one line."""
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise LocalRunError(f"{file.name}: {error}") from error
