"""The address of an alarm's page can be opened by the person whom the alarm wakes."""

from dataclasses import replace

import pytest

from environments.runbooks import runbook
from environments.settings import settings_of

GITHUB = "https://github.com/{}/blob/main/docs/runbooks/throttled-functions.md"


@pytest.mark.parametrize(
    ("repository", "address"),
    [
        (None, "docs/runbooks/throttled-functions.md"),
        ("owner/name", GITHUB.format("owner/name")),
        ("owner@12/name@34", GITHUB.format("owner/name")),
        (["owner/old", "owner@12/new@34"], GITHUB.format("owner/new")),
    ],
)
def test_a_runbook_is_where_the_repository_is(repository: str | list[str] | None, address: str) -> None:
    settings = replace(settings_of("dev"), github_repository=repository)

    assert runbook("sweep-throttles", settings) == address
