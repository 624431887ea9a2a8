"""The environments by name."""

import tomllib
from typing import Any

from deployment.checkout import ROOT


def environments() -> list[str]:
    """The names of the environments, in the file's order."""
    return list(_tables())


def settings(environment: str) -> dict[str, Any]:
    """What `environments.toml` says of one environment, as it stands there."""
    return _tables()[environment]


def _tables() -> dict[str, dict[str, Any]]:
    return tomllib.loads((ROOT / "environments.toml").read_text(encoding="utf-8"))
