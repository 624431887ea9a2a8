"""The environments by name."""

import tomllib

from deployment.checkout import ROOT


def environments() -> list[str]:
    """The names of the environments, in the file's order."""
    return list(tomllib.loads((ROOT / "environments.toml").read_text(encoding="utf-8")))
