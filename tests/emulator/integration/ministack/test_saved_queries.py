"""Saved queries of Logs Insights: a deployment makes, finds, changes and removes them."""

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.server_process import Server


@pytest.fixture
def logs(emulator: Server) -> Any:
    return emulator.client("logs")


def named(logs: Any, prefix: str, **more: Any) -> list[str]:
    """Return the names of the saved queries with that prefix."""
    return [
        one["name"]
        for one in logs.describe_query_definitions(queryDefinitionNamePrefix=prefix, **more)["queryDefinitions"]
    ]


def test_a_saved_query_is_told_as_it_was_put_and_changed(logs: Any, unique: Callable[[str], str]) -> None:
    name = unique("query")
    id_ = logs.put_query_definition(name=name, queryString="fields @message", logGroupNames=["b", "a"])[
        "queryDefinitionId"
    ]
    first = logs.describe_query_definitions(queryDefinitionNamePrefix=name)["queryDefinitions"]

    again = logs.put_query_definition(name=f"{name}-2", queryString="limit 1", queryDefinitionId=id_)

    assert again["queryDefinitionId"] == id_
    assert [(one["queryString"], one["logGroupNames"]) for one in first] == [("fields @message", ["b", "a"])]
    (changed,) = logs.describe_query_definitions(queryDefinitionNamePrefix=name)["queryDefinitions"]
    assert (changed["name"], changed["queryString"], changed["queryLanguage"]) == (f"{name}-2", "limit 1", "CWLI")
    assert "logGroupNames" not in changed
    assert changed["lastModified"] >= first[0]["lastModified"]


def test_saved_queries_are_told_page_by_page(logs: Any, unique: Callable[[str], str]) -> None:
    name = unique("query")
    for number in (2, 0, 1):
        logs.put_query_definition(name=f"{name}-{number}", queryString="limit 1")
    page = logs.describe_query_definitions(queryDefinitionNamePrefix=name, maxResults=2)

    rest = named(logs, name, nextToken=page["nextToken"], maxResults=2)

    assert [one["name"] for one in page["queryDefinitions"]] + rest == [f"{name}-{number}" for number in range(3)]
    with pytest.raises(ClientError, match="InvalidParameterException"):
        named(logs, name, nextToken="x")


def test_a_saved_query_is_removed_once(logs: Any, unique: Callable[[str], str]) -> None:
    name = unique("query")
    id_ = logs.put_query_definition(name=name, queryString="limit 1")["queryDefinitionId"]

    answer = logs.delete_query_definition(queryDefinitionId=id_)

    assert answer["success"] is True
    assert named(logs, name) == []
    for gone in (
        logs.delete_query_definition,
        lambda **id_: logs.put_query_definition(name="n", queryString="q", **id_),
    ):
        with pytest.raises(ClientError, match="ResourceNotFoundException"):
            gone(queryDefinitionId=id_)


def test_a_query_without_a_name_or_a_text_is_refused(logs: Any) -> None:
    with pytest.raises(ClientError, match="InvalidParameterException"):
        logs.put_query_definition(name="n", queryString="q" * 10_001)
