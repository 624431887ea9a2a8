"""Print warnings for the person who plans, deploys or reviews."""

import sys

from deployment.colours import coloured
from deployment.escaped_text import visible, visible_lines
from environments.settings import Settings


def print_warnings(settings: Settings) -> None:
    """Print the warnings of an environment to standard error, one line each."""
    for warning in settings.warnings:
        print_warning(warning)


def print_warning(warning: str) -> None:
    """Print one warning to standard error."""
    print(coloured(visible_lines(visible(f"warning: {warning}")), "bad", error=True), file=sys.stderr, flush=True)
