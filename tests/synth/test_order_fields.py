"""Each place that must have a field of an order.

A new field of Order, OrderInput or UpdateOrderInput fails here once for each file that lacks it,
and the message names the file. web/tests/order_page.test.tsx tests the page.
"""

from collections.abc import Callable

import pytest
from graphql import InputObjectTypeDefinitionNode, NonNullTypeNode, ObjectTypeDefinitionNode, parse

from tests.synth.support import order_fields
from tests.synth.support.order_fields import PRICE, SECOND_NAMES, Api
from tests.synth.support.stack_json import StackJson, unescaped

RESOLVERS = "stacks/orders/resolvers"
LAMBDA = "lambda_src/orders"
API = "web/src/api"
# The page knows the signed-in customer.
NOT_READ_BY_THE_PAGE = {"userId"} | SECOND_NAMES
# Attributes that a new order doesn't have.
NOT_AT_FIRST = {"failure_reason"}
# Fields of OrderInput that aren't stored, as replayOrder.js lists them.
NOT_COMPARED = {"expectedUnitPrice", "expectedCurrency"}

Names = Callable[[Api], set[str]]
# A file, a function that finds the fields in it, and one that returns the required fields.
PLACES: list[tuple[str, Names, Names]] = [
    (
        "PublishOrderInput of schema.graphql",
        lambda api: api.types["PublishOrderInput"],
        lambda api: api.types["Order"] - SECOND_NAMES,
    ),
    (
        "UpdateOrderInput of schema.graphql",
        lambda api: api.types["UpdateOrderInput"],
        lambda api: api.content | {"id"} | NOT_COMPARED,
    ),
    (
        f"{RESOLVERS}/Mutation.postOrder.js",
        lambda api: order_fields.in_stash(api, "postOrder", "OrderInput"),
        lambda api: api.types["OrderInput"] - {"id"} - NOT_COMPARED,
    ),
    (
        f"{RESOLVERS}/Mutation.updateOrder.js",
        lambda api: order_fields.in_stash(api, "updateOrder", "UpdateOrderInput"),
        lambda api: api.content,
    ),
    (
        f"{RESOLVERS}/functions/readMenuItem.js, where an optional field is null if it is left out,",
        order_fields.priced,
        lambda api: order_fields.attributes(api.content) | PRICE,
    ),
    (f"{RESOLVERS}/functions/insertOrder.js", order_fields.inserted, lambda api: api.row - NOT_AT_FIRST),
    (
        f"{RESOLVERS}/functions/updateOrder.js",
        order_fields.updated,
        lambda api: order_fields.attributes(api.content) | PRICE,
    ),
    (
        f"{RESOLVERS}/functions/replayOrder.js",
        order_fields.compared,
        lambda api: api.types["OrderInput"] - {"id"} - NOT_COMPARED,
    ),
    (f"{RESOLVERS}/functions/presentOrder.js", order_fields.presented, lambda api: api.types["Order"]),
    (f"{RESOLVERS}/Mutation.publishOrder.js", order_fields.published, lambda api: api.types["Order"]),
    (f"{LAMBDA}/domain/order.py", order_fields.in_the_domain, lambda api: api.row),
    (f"{LAMBDA}/domain/row.py", order_fields.read_by_lambda, lambda api: api.row),
    (
        f"the input in {LAMBDA}/adapters/appsync_subscribers.py",
        order_fields.announced,
        lambda api: api.types["PublishOrderInput"],
    ),
    (
        f"the selection in {LAMBDA}/adapters/appsync_subscribers.py",
        order_fields.selected,
        lambda api: api.types["Order"],
    ),
    (f"{API}/schema.d.ts", order_fields.page_types, lambda api: api.types["Order"]),
    (f"{API}/documents.ts", order_fields.page_fragment, lambda api: api.types["Order"] - NOT_READ_BY_THE_PAGE),
]


@pytest.fixture(scope="module")
def api(dev: StackJson, code: dict[str, str]) -> Api:
    definitions = {
        node.name.value: node.fields
        for node in parse(unescaped(dev.only("appsync_graphql_api")["schema"])).definitions
        if isinstance(node, ObjectTypeDefinitionNode | InputObjectTypeDefinitionNode)
    }
    resolvers = {one["field"]: one["code"] for one in dev.all("appsync_resolver")}
    functions = {f"functions/{name}": text for name, text in code.items()}
    return Api(
        types={name: {field.name.value for field in fields} for name, fields in definitions.items()},
        required={field.name.value for field in definitions["OrderInput"] if isinstance(field.type, NonNullTypeNode)},
        code={name: unescaped(text) for name, text in (resolvers | functions).items()},
    )


@pytest.mark.parametrize(("place", "has", "needs"), PLACES, ids=[place for place, _, _ in PLACES])
def test_a_place_has_the_fields_of_an_order(api: Api, place: str, has: Names, needs: Names) -> None:
    found, needed = has(api), needs(api)

    assert found == needed, f"{place} lacks {sorted(needed - found)} and has {sorted(found - needed)} too much"
