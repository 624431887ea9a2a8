"""Warnings for whoever plans, deploys or reviews."""

import sys

from deployment.colours import painted
from environments.settings import Settings


def warn(settings: Settings) -> None:
    """Print the warnings of an environment to standard error, one line each."""
    for warning in settings.warnings:
        warn_of(warning)


def warn_of(warning: str) -> None:
    """Print one warning to standard error."""
    print(painted(f"warning: {warning}", "bad", error=True), file=sys.stderr, flush=True)
