"""Each field that a customer may set is checked, stored, shown and announced.

The fields come from the schema.
"""

from collections.abc import Mapping
from typing import Any

import pytest
from graphql import InputObjectTypeDefinitionNode, ObjectTypeDefinitionNode, parse, print_ast
from orders.adapters.appsync_subscribers import publish_order_input
from orders.domain.row import order_from_row

from deployment.repository_paths import ROOT
from tests.integration.support.resolver_player import both, plain, play
from tests.integration.support.resolver_rows import DISH, ID, row

SDL = (ROOT / "schema.graphql").read_text(encoding="utf-8")
TYPES: dict[str, dict[str, Any]] = {
    node.name.value: {field.name.value: field for field in node.fields}
    for node in parse(SDL).definitions
    if isinstance(node, ObjectTypeDefinitionNode | InputObjectTypeDefinitionNode)
}
CONTENT = sorted((TYPES["OrderInput"].keys() & TYPES["Order"].keys()) - {"id"})
NEW = {"readPayment": both(None, None), "insertOrder": row(), "sendHint": {"statusCode": 200}}
# The Int is also beyond the largest price, which is the largest Int.
TOO_MUCH = {"String": "x" * 100_000, "Int": 2**31}
# These fields aren't part of the order, so two posts may differ in them.
NOT_COMPARED = {"expectedUnitPrice", "expectedCurrency"}


def type_of(field: Any) -> str:
    return print_ast(field.type).strip("[]!")


def some(name: str, *, other: bool = False) -> Any:
    """Return a valid value for the field of OrderInput; with `other`, a different one."""
    word = "other" if other else "some"
    samples = {"String": f"{word}_{name}", "Int": 4 if other else 3, "Boolean": other}
    price = {"expectedUnitPrice": DISH["unit_price"], "expectedCurrency": DISH["currency"]}
    special = {"paymentMethod": f"pm_{word}", **price}
    return special.get(name, samples[type_of(TYPES["OrderInput"][name])])


def ordered(*, other: bool = False) -> dict[str, Any]:
    return {name: some(name, other=other) for name in TYPES["OrderInput"] if name != "id"}


def posted() -> dict[str, Any]:
    """Return the row of an order that has every field."""
    answers = {**NEW, "readMenuItem": DISH}
    request = play("Mutation.postOrder", {"input": {**ordered(), "id": ID}}, answers).requests["insertOrder"]
    return plain(request["key"]) | plain(request["attributeValues"])


def shown(found: Mapping[str, Any]) -> dict[str, Any]:
    return dict(play("Query.order", {"id": ID}, {"readOrder": found}).value)


@pytest.mark.parametrize("name", CONTENT)
def test_what_is_ordered_is_shown(name: str) -> None:
    assert shown(posted())[name] == some(name)


@pytest.mark.parametrize("name", CONTENT)
def test_what_is_changed_is_shown(name: str) -> None:
    before = posted()
    changes = {field: some(field, other=True) for field in TYPES["UpdateOrderInput"] if field != "id"}
    answers = {"readOrder": before, "readMenuItem": DISH, "updateOrder": before}

    outcome = play("Mutation.updateOrder", {"input": {**changes, "id": ID}}, answers)

    update = outcome.requests["updateOrder"]["update"]
    values = plain(update["expressionValues"])
    written = {column: values[f":{column}"] for column in update["expressionNames"].values() if f":{column}" in values}
    assert shown(before | written)[name] == some(name, other=True)


@pytest.mark.parametrize("name", TYPES["PublishOrderInput"])
def test_what_is_shown_is_announced(name: str) -> None:
    changeable = posted() | {"changeable_until": "2026-01-01T00:05:00.000Z"}
    rows = [posted(), changeable, changeable | {"status": "PAID", "version": 3}]

    announced = [publish_order_input(order_from_row(one))[name] for one in rows]

    assert announced == [shown(one)[name] for one in rows]


@pytest.mark.parametrize("name", sorted(ordered().keys() - NOT_COMPARED))
def test_the_same_id_with_another_value_of_any_field_is_a_conflict(name: str) -> None:
    changed = {**ordered(), name: some(name, other=True)}

    outcome = play("Mutation.postOrder", {"input": {**changed, "id": ID}}, {"readPayment": both(None, posted())})

    assert outcome.error_type == "OrderConflict"
    # No message names a payment method.
    is_said = name != "paymentMethod"
    assert (str(some(name)) in outcome.message) is is_said
    assert (str(some(name, other=True)) in outcome.message) is is_said


def arguments() -> list[tuple[str, str, str]]:
    """List what customers may give: resolver, name and type of each argument and input field."""
    given = []
    for parent in ("Query", "Mutation"):
        for field in (one for one in TYPES[parent].values() if one.name.value != "publishOrder"):
            for argument in field.arguments:
                inputs = TYPES.get(type_of(argument), {}).values() or [argument]
                given += [(f"{parent}.{field.name.value}", one.name.value, type_of(one)) for one in inputs]
    return given


@pytest.mark.parametrize(("resolver", "name", "type_"), arguments())
def test_no_argument_may_be_of_any_size(resolver: str, name: str, type_: str) -> None:
    too_much = {name: TOO_MUCH[type_]}
    is_input = resolver in ("Mutation.postOrder", "Mutation.updateOrder")

    outcome = play(resolver, {"input": {**ordered(), "id": ID, **too_much}} if is_input else too_much)

    assert outcome.error_type == "InvalidInput"
    assert outcome.message.startswith(f"{name} must be ")
