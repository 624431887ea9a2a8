"""Arguments of a subscription, used to filter its events."""

from typing import Any

import pytest

from emulator.appsync.realtime.filters import matches

PUBLISHED = {"id": "1", "stars": 1, "pinned": True, "owner": None, "tags": ["a"]}


@pytest.mark.parametrize(
    "wanted",
    [
        {},
        {"id": "1"},
        {"id": "1", "stars": 1},
        {"owner": None},
        {"missing": None},
        {"stars": 1.0},
        {"tags": ["a"]},
        {"pinned": True},
    ],
)
def test_what_equals_each_argument_is_delivered(wanted: dict[str, Any]) -> None:
    assert matches(wanted, PUBLISHED)


@pytest.mark.parametrize(
    "wanted",
    [
        {"id": "2"},
        {"id": None},
        {"id": "1", "stars": 2},
        {"owner": "ada"},
        {"missing": "x"},
        {"stars": "1"},
        {"stars": True},
        {"pinned": 1},
        {"tags": []},
    ],
)
def test_what_differs_in_one_is_not(wanted: dict[str, Any]) -> None:
    assert not matches(wanted, PUBLISHED)
