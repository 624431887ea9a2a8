"""The only MiniStack release that the repairs are written for."""

from importlib.metadata import PackageNotFoundError, version

PINNED = "1.5.33"


class WrongEmulator(Exception):
    """MiniStack is missing, or is a release for which the repairs aren't written."""


def require_pinned_version() -> None:
    """Raise WrongEmulator unless MiniStack is the pinned release: repairs could break another."""
    try:
        installed = version("ministack")
    except PackageNotFoundError:
        raise WrongEmulator(f"MiniStack isn't installed; this server needs ministack=={PINNED}") from None
    if installed != PINNED:
        raise WrongEmulator(f"MiniStack {installed} is installed; this server mends {PINNED} and no other")
