"""The schema that AppSync is given, against the code that speaks it."""

import re
from typing import Any

import pytest
from graphql import EnumTypeDefinitionNode, InputObjectTypeDefinitionNode, ObjectTypeDefinitionNode, parse
from orders.adapters.appsync_subscribers import PUBLISH_ORDER, publish_order_input
from orders.domain.order import OrderStatus
from orders.domain.row import order_from_row

from tests.rows import order_row
from tests.synth.checkout import ROOT
from tests.synth.stack import Resource, Stack, unescaped


@pytest.fixture(scope="module")
def definitions(dev: Stack) -> dict[str, Any]:
    """The schema's types by name."""
    sdl = unescaped(dev.only("appsync_graphql_api")["schema"])
    return {node.name.value: node for node in parse(sdl).definitions if hasattr(node, "name") and node.name}


def fields(node: ObjectTypeDefinitionNode | InputObjectTypeDefinitionNode) -> set[str]:
    return {field.name.value for field in node.fields}


def test_appsync_is_given_the_schema_file_as_it_is(stack: Stack) -> None:
    sdl = unescaped(stack.only("appsync_graphql_api")["schema"])

    assert sdl == (ROOT / "schema.graphql").read_text(encoding="utf-8")


def test_the_statuses_are_the_domains(definitions: dict[str, Any]) -> None:
    enum: EnumTypeDefinitionNode = definitions["OrderStatus"]

    assert [value.name.value for value in enum.values] == list(OrderStatus)


def test_announce_sends_what_publish_order_takes(definitions: dict[str, Any]) -> None:
    sent = publish_order_input(order_from_row(order_row()))

    assert sent.keys() == fields(definitions["PublishOrderInput"])


def test_announce_selects_everything_that_a_subscriber_may_ask_for(definitions: dict[str, Any]) -> None:
    selected = re.findall(r"\w+", PUBLISH_ORDER.rpartition("{")[2])

    assert set(selected) == fields(definitions["Order"])


def test_present_order_answers_with_the_fields_of_an_order(dev: Stack, definitions: dict[str, Any]) -> None:
    (code,) = (one["code"] for one in dev.all("appsync_function") if one["name"] == "presentOrder")

    answered = re.findall(r"^    (\w+): ", code.rpartition("return {")[2], re.MULTILINE)

    assert set(answered) == fields(definitions["Order"])


def test_every_query_mutation_and_subscription_is_resolved_once(stack: Stack, definitions: dict[str, Any]) -> None:
    resolved = sorted(f"{one['type']}.{one['field']}" for one in stack.all("appsync_resolver"))

    declared = [
        f"{type_}.{field}" for type_ in ("Query", "Mutation", "Subscription") for field in fields(definitions[type_])
    ]
    assert resolved == sorted(declared)


def test_every_resolver_has_one_source_or_functions_in_order(stack: Stack) -> None:
    for resolver in stack.all("appsync_resolver"):
        functions = resolver.get("pipeline_config", {}).get("functions", [])

        assert resolver["kind"] == ("PIPELINE" if functions else "UNIT"), resolver["field"]
        assert ("data_source" in resolver) is (not functions), resolver["field"]


def test_the_statuses_that_allow_a_change_are_those_of_its_write(dev: Stack) -> None:
    changes = {one["field"]: one for one in dev.all("appsync_resolver") if "ctx.stash.changeable" in one["code"]}

    for field, resolver in changes.items():
        (write,) = (one["code"] for one in functions_of(dev, resolver) if "condition: {" in one["code"])
        condition = re.search(r"condition: \{\s+expression: '([^']*)'", write)

        assert condition, field
        allowed = re.findall(r"ctx\.stash\.changeable = \[([^\]]*)\]", resolver["code"])[0]
        assert re.findall(r"'(\w+)'", allowed) == [name.upper() for name in re.findall(r":(\w+)", condition[1])], field
    assert changes.keys() == {"updateOrder", "cancelOrder", "deleteOrder"}


def functions_of(stack: Stack, resolver: Resource) -> list[Resource]:
    return [stack.referred(reference) for reference in resolver["pipeline_config"]["functions"]]
