"""Addresses of the runbooks: the pages that say what to do about an alarm."""

import re

from environments.names import RUNBOOKS
from environments.settings import Settings


def runbook_path(alarm: str) -> str:
    """Return the path of an alarm's page in the checkout."""
    return f"docs/runbooks/{RUNBOOKS[alarm]}.md"


def runbook(alarm: str, settings: Settings) -> str:
    """Return the address of an alarm's page on GitHub, or its path where no repository is named."""
    if not settings.github_repositories:
        return runbook_path(alarm)
    # While a repository is renamed the newer name comes last. The numbers are ids, which no address has.
    repository = re.sub("@[0-9]+", "", settings.github_repositories[-1])
    return f"https://github.com/{repository}/blob/main/{runbook_path(alarm)}"
