"""Resolvers, workflow and adapters use the keys that the tables have."""

import re
from typing import Any

import pytest
from orders.adapters.dynamodb_orders import DynamoDBOrders
from orders.adapters.dynamodb_payments import DynamoDBPayments
from orders.domain.order import FINAL_STATUSES, OrderStatus

from environments.order_rules import RESTAURANTS_KEY
from tests.support.order_rows import KEY
from tests.synth.support.fake_dynamodb import Client
from tests.synth.support.stack_json import StackJson
from tests.synth.support.table_attributes import KEY_IN_CODE, index_of, key_of, names_in


def test_every_resolver_names_an_item_by_the_key_of_its_table(dev: StackJson) -> None:
    checked = []
    for function in dev.all("appsync_function"):
        for constant, key in KEY_IN_CODE.findall(function["code"]):
            source = dev.referred(function["data_source"])
            named = re.findall(rf"^const {constant} = '(.*)';$", function["code"], re.MULTILINE) if constant else []
            table = dev.referred(*named or [source["dynamodb_config"]["table_name"]])
            checked.append(function["name"])

            assert set(names_in(key)) == key_of(table), function["name"]
    assert sorted(checked) == [
        *("cancelOrder", "deleteOrder", "insertOrder", "readMenuItem", "readOrder"),
        *("readPayment", "readPayment", "updateOrder"),
    ]


@pytest.mark.parametrize(
    ("function", "noun"), [("listOrders", "orders"), ("limitOpenOrders", "orders"), ("listMenu", "menu")]
)
def test_every_query_of_a_resolver_is_by_the_tables_key(
    dev: StackJson, code: dict[str, str], function: str, noun: str
) -> None:
    table = dev.named("dynamodb_table", noun)
    query = re.findall(r"query: \{.*?\n    \},", code[function], re.DOTALL)

    asked = set(re.findall(r"'#\w+': '(\w+)'", "".join(query)))

    assert table["hash_key"] in asked
    assert asked <= key_of(table)


def test_the_workflow_names_an_order_by_the_tables_key(dev: StackJson, states: dict[str, Any]) -> None:
    keys = [set(state["Arguments"]["Key"]) for state in states.values() if "Key" in state.get("Arguments", {})]

    assert keys == [key_of(dev.named("dynamodb_table", "orders"))] * 3


def test_the_adapters_name_items_by_their_tables_keys(dev: StackJson) -> None:
    orders, payments = Client(), Client()

    DynamoDBOrders(orders, table="t", index="i").finish(  # type: ignore[arg-type]  # a fake of the client
        KEY, status=OrderStatus.PAID, failure_reason=None, at_milliseconds=0
    )
    DynamoDBPayments(payments, table="t").find(KEY)  # type: ignore[arg-type]

    assert set(orders.calls[0]["Key"]) == key_of(dev.named("dynamodb_table", "orders"))
    assert set(payments.calls[0]["Key"]) == key_of(dev.named("dynamodb_table", "payments"))


def test_the_restaurants_of_the_local_run_are_where_the_resolvers_look(dev: StackJson, code: dict[str, str]) -> None:
    (restaurants,) = (one["code"] for one in dev.all("appsync_resolver") if one["field"] == "restaurants")

    assert re.findall(r"restaurantId = '(.*)';", restaurants) == [RESTAURANTS_KEY]
    assert re.findall(r"^const RESERVED = '(.*)';$", code["checkArguments"], re.MULTILINE) == [RESTAURANTS_KEY]


def test_the_sweep_asks_the_index_by_its_keys(dev: StackJson) -> None:
    client = Client()

    list(DynamoDBOrders(client, table="t", index="i").due(0, before_milliseconds=1))  # type: ignore[arg-type]

    asked = re.findall(r"(?:^|AND )(\w+)", client.calls[0]["KeyConditionExpression"])
    assert set(asked) == index_of(dev.named("dynamodb_table", "orders"))


def test_a_new_order_is_in_the_index(dev: StackJson, written: set[str]) -> None:
    assert key_of(dev.named("dynamodb_table", "orders")) | index_of(dev.named("dynamodb_table", "orders")) <= written


def test_every_final_move_leaves_the_index(dev: StackJson, code: dict[str, str], states: dict[str, Any]) -> None:
    client = Client()
    for status in FINAL_STATUSES:
        DynamoDBOrders(client, table="t", index="i").finish(  # type: ignore[arg-type]
            KEY, status=status, failure_reason=None, at_milliseconds=0
        )
    expressions = {
        "MarkPaid": states["MarkPaid"]["Arguments"]["UpdateExpression"],
        "MarkFailed": states["MarkFailed"]["Arguments"]["UpdateExpression"],
        "cancelOrder": re.findall(r"'(REMOVE [^']*)'", code["cancelOrder"])[0],
        **{f"finish {number}": call["UpdateExpression"] for number, call in enumerate(client.calls)},
    }

    left = {name: removed(expression) for name, expression in expressions.items()}

    everything = index_of(dev.named("dynamodb_table", "orders")) | {"lease_owner"}
    assert left == dict.fromkeys(expressions, everything)
    assert len(left) == 6


def removed(expression: str) -> set[str]:
    return set(re.findall(r"[a-z]\w+", expression.partition("REMOVE")[2]))
