"""The one MiniStack release that the repairs were written against."""

from importlib.metadata import PackageNotFoundError, version

PINNED = "1.5.33"


class WrongEmulator(Exception):
    """MiniStack is missing, or it is a release that the repairs don't know."""


def require_pinned_version() -> None:
    """Raise WrongEmulator unless the installed MiniStack is the pinned one: a repair of other code would break it."""
    try:
        installed = version("ministack")
    except PackageNotFoundError:
        raise WrongEmulator(f"MiniStack isn't installed; this server needs ministack=={PINNED}") from None
    if installed != PINNED:
        raise WrongEmulator(f"MiniStack {installed} is installed; this server mends {PINNED} and no other")
