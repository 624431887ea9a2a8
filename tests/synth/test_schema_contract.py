"""The schema that AppSync gets, compared to the code that uses it."""

import re
from typing import Any

import pytest
from graphql import EnumTypeDefinitionNode, InputObjectTypeDefinitionNode, ObjectTypeDefinitionNode, parse
from orders.domain.order import OrderStatus

from deployment.repository_paths import ROOT
from tests.synth.support.stack_json import Resource, StackJson, unescaped


@pytest.fixture(scope="module")
def definitions(dev: StackJson) -> dict[str, Any]:
    """The schema's types by name."""
    sdl = unescaped(dev.only("appsync_graphql_api")["schema"])
    return {node.name.value: node for node in parse(sdl).definitions if hasattr(node, "name") and node.name}


def fields(node: ObjectTypeDefinitionNode | InputObjectTypeDefinitionNode) -> set[str]:
    return {field.name.value for field in node.fields}


def test_appsync_is_given_the_schema_file_as_it_is(stack: StackJson) -> None:
    sdl = unescaped(stack.only("appsync_graphql_api")["schema"])

    assert sdl == (ROOT / "schema.graphql").read_text(encoding="utf-8")


def test_the_statuses_are_the_domains(definitions: dict[str, Any]) -> None:
    enum: EnumTypeDefinitionNode = definitions["OrderStatus"]

    assert [value.name.value for value in enum.values] == list(OrderStatus)


def test_every_query_mutation_and_subscription_is_resolved_once(stack: StackJson, definitions: dict[str, Any]) -> None:
    resolved = sorted(f"{one['type']}.{one['field']}" for one in stack.all("appsync_resolver"))

    declared = [
        f"{type_}.{field}" for type_ in ("Query", "Mutation", "Subscription") for field in fields(definitions[type_])
    ]
    assert resolved == sorted(declared)


def test_every_resolver_has_one_source_or_functions_in_order(stack: StackJson) -> None:
    for resolver in stack.all("appsync_resolver"):
        functions = resolver.get("pipeline_config", {}).get("functions", [])

        assert resolver["kind"] == ("PIPELINE" if functions else "UNIT"), resolver["field"]
        assert ("data_source" in resolver) is (not functions), resolver["field"]


def test_the_statuses_that_allow_a_change_are_those_of_its_write(dev: StackJson) -> None:
    changes = {one["field"]: one for one in dev.all("appsync_resolver") if "ctx.stash.changeable" in one["code"]}

    for field, resolver in changes.items():
        (write,) = (one["code"] for one in functions_of(dev, resolver) if "condition: {" in one["code"])
        condition = re.search(r"condition: \{\s+expression: '([^']*)'", write)

        assert condition, field
        allowed = re.findall(r"ctx\.stash\.changeable = \[([^\]]*)\]", resolver["code"])[0]
        assert re.findall(r"'(\w+)'", allowed) == [name.upper() for name in re.findall(r":(\w+)", condition[1])], field
    assert changes.keys() == {"updateOrder", "cancelOrder", "deleteOrder"}


def functions_of(stack: StackJson, resolver: Resource) -> list[Resource]:
    return [stack.referred(reference) for reference in resolver["pipeline_config"]["functions"]]
