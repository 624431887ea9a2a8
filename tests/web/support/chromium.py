"""The browser of this machine, as the tests start it."""

import os
import shutil

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
CHOICE = "CHROMIUM"


def chromium() -> str | None:
    """Return the path of Chromium or Chrome, or None.

    The variable `CHROMIUM` comes first, then the names on PATH.
    """
    return next((found for name in (os.environ.get(CHOICE), *NAMES) if name and (found := shutil.which(name))), None)


def missing() -> str:
    """Explain why the browser tests don't run here, and what to install."""
    return f"Chromium isn't here: none of {', '.join(NAMES)} is on PATH; install one or name it in {CHOICE}"
