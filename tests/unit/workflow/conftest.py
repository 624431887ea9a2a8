"""The workflow's definition as data."""

from typing import Any

import pytest

from tests.support.workflow import render


@pytest.fixture(scope="session")
def machine() -> dict[str, Any]:
    return render()


@pytest.fixture(scope="session")
def states(machine: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = machine["States"]
    return found
