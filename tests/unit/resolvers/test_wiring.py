"""The wiring file, the resolver files and the schema name the same things."""

import json
import re

import pytest
from graphql import ObjectTypeDefinitionNode, parse

from deployment.repository_paths import ROOT
from stacks.orders.resolver_pipelines import pipeline

RESOLVERS = ROOT / "stacks" / "orders" / "resolvers"
WIRING = json.loads((RESOLVERS / "wiring.json").read_text(encoding="utf-8"))
FILES = sorted(path.relative_to(RESOLVERS).as_posix() for path in RESOLVERS.rglob("*.js"))
DATA_SOURCES = {"orders_table", "menu_table", "payments_table", "orders_queue", "nothing"}
PLACEHOLDERS = {
    "orders_table",
    "payments_table",
    "queue_url",
    "change_window_seconds",
    "open_orders_limit",
    "default_payment_method",
    "grace_milliseconds",
    "open_orders_shards",
    "restaurants_key",
}


def test_every_query_mutation_and_subscription_has_a_resolver_in_a_file_of_its_name() -> None:
    fields = [
        f"{definition.name.value}.{field.name.value}"
        for definition in parse((ROOT / "schema.graphql").read_text(encoding="utf-8")).definitions
        if isinstance(definition, ObjectTypeDefinitionNode)
        and definition.name.value in ("Query", "Mutation", "Subscription")
        for field in definition.fields
    ]

    files = {field: resolver["file"] for field, resolver in WIRING["resolvers"].items()}

    assert files == {field: f"{field}.js" for field in fields}


def test_every_file_is_wired_once() -> None:
    wired = [entry["file"] for part in ("functions", "resolvers") for entry in WIRING[part].values()]

    assert sorted(wired) == FILES


def test_every_function_is_in_a_file_of_its_name() -> None:
    files = {name: function["file"] for name, function in WIRING["functions"].items()}

    assert files == {name: f"functions/{name}.js" for name in files}


def test_every_function_is_used() -> None:
    used = {name for resolver in WIRING["resolvers"].values() for name in resolver.get("functions", [])}

    assert used == WIRING["functions"].keys()


def test_a_function_that_a_value_switches_is_left_out_where_it_is_0() -> None:
    switched = {name: one["only_with"] for name, one in WIRING["functions"].items() if "only_with" in one}

    without, with_it = (pipeline(WIRING, "Mutation.postOrder", {"open_orders_limit": limit}) for limit in (0, 1))

    assert set(switched.values()) <= PLACEHOLDERS
    assert with_it == WIRING["resolvers"]["Mutation.postOrder"]["functions"]
    assert without == [name for name in with_it if name not in switched]
    assert len(without) == 9


@pytest.mark.parametrize("field", WIRING["resolvers"])
def test_a_resolver_has_a_data_source_or_at_most_ten_functions(field: str) -> None:
    resolver = WIRING["resolvers"][field]

    assert ("data_source" in resolver) != ("functions" in resolver)
    assert len(resolver.get("functions", [])) <= 10  # AppSync's limit


def test_only_the_projects_data_sources_are_used() -> None:
    entries = [*WIRING["functions"].values(), *WIRING["resolvers"].values()]

    assert {entry["data_source"] for entry in entries if "data_source" in entry} == DATA_SOURCES


@pytest.mark.parametrize("field", [name for name, resolver in WIRING["resolvers"].items() if "functions" in resolver])
def test_arguments_are_checked_before_anything_else(field: str) -> None:
    first = WIRING["resolvers"][field]["functions"][0]

    # Query.restaurants has no arguments to check.
    assert first == "checkArguments" or field == "Query.restaurants"


@pytest.mark.parametrize("file", FILES)
def test_code_has_both_handlers_and_stays_below_appsyncs_size(file: str) -> None:
    code = (RESOLVERS / file).read_text(encoding="utf-8")

    assert re.findall(r"^export function (\w+)", code, re.MULTILINE) == ["request", "response"]
    assert len(code) < 30_000  # of 32,768, because rendering adds a little


@pytest.mark.parametrize("file", FILES)
def test_placeholders_are_known_and_quoted(file: str) -> None:
    code = (RESOLVERS / file).read_text(encoding="utf-8")

    placeholders = re.findall(r"\{\{(.*?)\}\}", code)

    assert set(placeholders) <= PLACEHOLDERS
    assert placeholders == re.findall(r"'\{\{(\w+)\}\}'", code)
