"""Arguments of a subscription, used to filter its events."""

from typing import Any

import pytest

from emulator.appsync.errors import NotSupported
from emulator.appsync.realtime.filters import enhanced_filter, matches

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


def equal(**values: Any) -> dict[str, Any]:
    return {"filters": [{"fieldName": name, "operator": "eq", "value": value} for name, value in values.items()]}


@pytest.mark.parametrize(
    ("groups", "delivered"),
    [
        ([equal(id="1")], True),
        ([equal(id="1", stars=1, pinned=True)], True),
        ([equal(id="1", stars=2)], False),
        ([equal(id="2"), equal(stars=1)], True),
        ([equal(id="2"), equal(stars=2)], False),
        ([equal(stars=True)], False),
        ([equal(missing="x")], False),
    ],
)
def test_a_resolvers_filter_wants_all_values_of_one_group(groups: list[Any], delivered: bool) -> None:
    enhanced = enhanced_filter({"filterGroup": groups})

    assert matches({}, PUBLISHED, enhanced) is delivered
    assert not matches({"id": "2"}, PUBLISHED, enhanced)


@pytest.mark.parametrize(
    "given",
    [
        "x",
        {},
        {"filterGroup": []},
        {"filterGroup": [{"filters": []}]},
        {"filterGroup": [{}]},
        {"filterGroup": [equal(id=["1"])]},
        {"filterGroup": [equal(id="1")], "more": []},
        {"filters": [equal(id="1")]},
        {"filterGroup": [{"filters": [{"fieldName": "id", "operator": "in", "value": "1"}]}]},
        {"filterGroup": [{"filters": [{"fieldName": "id", "value": "1"}]}]},
    ],
)
def test_a_filter_that_this_does_not_know_is_refused(given: Any) -> None:
    with pytest.raises(NotSupported, match="only groups of filters with the operator eq"):
        enhanced_filter(given)
