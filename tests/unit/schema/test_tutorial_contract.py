"""The schema, compared to the contract of the tutorial's API."""

import pytest
from graphql import (
    DocumentNode,
    FieldDefinitionNode,
    GraphQLEnumType,
    GraphQLSchema,
    InputObjectTypeDefinitionNode,
    InputValueDefinitionNode,
    ObjectTypeDefinitionNode,
    assert_valid_schema,
    build_schema,
    parse,
    print_ast,
    validate,
)

from deployment.repository_paths import ROOT

SDL = (ROOT / "schema.graphql").read_text(encoding="utf-8")

# Definitions that AppSync adds to every schema.
APPSYNC = """
scalar AWSDate scalar AWSTime scalar AWSDateTime scalar AWSTimestamp scalar AWSEmail scalar AWSJSON scalar AWSURL
scalar AWSPhone scalar AWSIPAddress
directive @aws_api_key on OBJECT | FIELD_DEFINITION
directive @aws_iam on OBJECT | FIELD_DEFINITION
directive @aws_oidc on OBJECT | FIELD_DEFINITION
directive @aws_lambda on OBJECT | FIELD_DEFINITION
directive @aws_auth(cognito_groups: [String!]!) on FIELD_DEFINITION
directive @aws_cognito_user_pools(cognito_groups: [String!]) on OBJECT | FIELD_DEFINITION
directive @aws_subscribe(mutations: [String!]!) on FIELD_DEFINITION
"""

ORDER = {
    "id": "String!",
    "userId": "String!",
    "name": "String!",
    "quantity": "Int!",
    "restaurantId": "String!",
    "unitPrice": "Int!",
    "total": "Int!",
    "currency": "String!",
    "status": "OrderStatus!",
    "orderStatus": "OrderStatus!",
    "failureReason": "String",
    "createdAt": "AWSDateTime!",
    "updatedAt": "AWSDateTime!",
    "changeableUntil": "AWSDateTime",
    "version": "Int!",
}
CONTRACT = {
    "Order": ORDER,
    "PublishOrderInput": {name: type_ for name, type_ in ORDER.items() if name != "orderStatus"},
    "Restaurant": {"id": "String!", "name": "String!"},
    "MenuItem": {
        "restaurantId": "String!",
        "name": "String!",
        "unitPrice": "Int!",
        "currency": "String!",
        "available": "Boolean!",
    },
    "OrderInput": {
        "id": "String",
        "name": "String!",
        "quantity": "Int!",
        "restaurantId": "String!",
        "paymentMethod": "String",
        "expectedUnitPrice": "Int",
        "expectedCurrency": "String",
    },
    "UpdateOrderInput": {
        "id": "String!",
        "name": "String!",
        "quantity": "Int!",
        "restaurantId": "String!",
        "expectedUnitPrice": "Int",
        "expectedCurrency": "String",
    },
    "Query": {
        "orders(first: Int = 50, after: String)": "[Order]!",
        "order(id: String!)": "Order",
        "restaurants": "[Restaurant!]!",
        "menu(restaurantId: String!)": "[MenuItem!]!",
    },
    "Mutation": {
        "postOrder(input: OrderInput!)": "Order!",
        "updateOrder(input: UpdateOrderInput!)": "Order!",
        "cancelOrder(id: String!)": "Order!",
        "deleteOrder(id: String!)": "String",
        "publishOrder(input: PublishOrderInput!)": "Order",
    },
    "Subscription": {"onOrderChanged(userId: String!, id: String)": "Order"},
}

# The operations of the tutorial's client, as its readers wrote them.
TUTORIAL = """
query orders { orders { name orderStatus quantity restaurantId } }
query order($id: String!) { order(id: $id) { name orderStatus quantity restaurantId } }
mutation post($input: OrderInput!) { postOrder(input: $input) { name orderStatus quantity restaurantId } }
mutation update($input: UpdateOrderInput!) { updateOrder(input: $input) { name quantity restaurantId } }
mutation delete($id: String!) { deleteOrder(id: $id) }
"""


def test_the_schema_builds_with_what_appsync_adds() -> None:
    schema = built()

    assert_valid_schema(schema)


@pytest.mark.parametrize("type_name", CONTRACT)
def test_a_type_has_exactly_the_fields_of_the_contract(type_name: str) -> None:
    fields = fields_of(parse(SDL))[type_name]

    assert fields == CONTRACT[type_name]


def test_there_is_no_type_outside_the_contract() -> None:
    types = fields_of(parse(SDL)).keys()

    assert types == CONTRACT.keys()


def test_an_order_has_one_of_five_statuses() -> None:
    statuses = built().type_map["OrderStatus"]

    assert isinstance(statuses, GraphQLEnumType)
    assert list(statuses.values) == ["PENDING", "PAYING", "PAID", "FAILED", "CANCELLED"]


def test_the_tutorials_client_is_still_understood() -> None:
    errors = validate(built(), parse(TUTORIAL))

    assert errors == []


def test_only_the_systems_own_functions_publish_and_both_kinds_of_caller_read_orders() -> None:
    directives = directives_of(parse(SDL))

    assert directives == {
        "Order": ["aws_cognito_user_pools", "aws_iam"],
        "Mutation.publishOrder": ["aws_iam"],
        "Subscription.onOrderChanged": ["aws_subscribe"],
    }


def test_a_subscriber_hears_what_announce_publishes() -> None:
    (subscribe,) = (
        directive
        for definition in parse(SDL).definitions
        if isinstance(definition, ObjectTypeDefinitionNode) and definition.name.value == "Subscription"
        for field in definition.fields
        for directive in field.directives
    )

    assert print_ast(subscribe) == '@aws_subscribe(mutations: ["publishOrder"])'


def built() -> GraphQLSchema:
    """Return the schema as AppSync sees it."""
    return build_schema(APPSYNC + SDL)


def fields_of(document: DocumentNode) -> dict[str, dict[str, str]]:
    """Return the fields of each type and input, with their arguments and types."""
    return {
        definition.name.value: {signature(field): print_ast(field.type) for field in definition.fields}
        for definition in document.definitions
        if isinstance(definition, ObjectTypeDefinitionNode | InputObjectTypeDefinitionNode)
    }


def signature(field: FieldDefinitionNode | InputValueDefinitionNode) -> str:
    """Return a field's name and arguments as the schema writes them."""
    arguments = ", ".join(print_ast(argument) for argument in getattr(field, "arguments", None) or ())
    return f"{field.name.value}({arguments})" if arguments else field.name.value


def directives_of(document: DocumentNode) -> dict[str, list[str]]:
    """Return the directives of each type and field that has any."""
    found = {}
    for definition in document.definitions:
        if isinstance(definition, ObjectTypeDefinitionNode):
            name = definition.name.value
            found[name] = [directive.name.value for directive in definition.directives]
            for field in definition.fields:
                found[f"{name}.{field.name.value}"] = [directive.name.value for directive in field.directives]
    return {name: directives for name, directives in found.items() if directives}
