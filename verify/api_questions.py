"""Questions that a customer can ask of the API."""

import asyncio

from gql.transport.exceptions import TransportQueryError
from graphql import get_introspection_query

from verify.customer import GraphqlError
from verify.question_context import QuestionContext
from verify.subscription_client import subscription
from verify.verification_report import QuestionAnswer, Verdict

# Any id that no order of a new customer has.
UNKNOWN_ORDER_ID = "01ARZ3NDEKTSV4RRFFQ69G5FAV"
REFUSALS = ["OrderNotChangeable", "OrderNotFound"]
QUERY_WITHOUT_VALUES = "query Orders($first: Int, $after: String) { orders(first: $first, after: $after) { id } }"
SKIPPED = "subscription Skipped($userId: String!) { onOrderChanged(userId: $userId) @skip(if: true) { id } }"
NOBODY = "00000000-0000-0000-0000-000000000000"
EXPECTED_STATUSES = ["PAYING", "PAID"]
# Each is three tokens.
MANY_FIELDS = "query { orders(first: 1) { " + " ".join(f"a{number}: id" for number in range(700)) + " } }"


def failed_conditions(context: QuestionContext) -> QuestionAnswer:
    """Cancel an order that is PAID and one that isn't there: both writes fail at their condition."""
    types = []
    for id_ in (str(context.order["id"]), UNKNOWN_ORDER_ID):
        try:
            context.customer.cancel_order(id_)
        except GraphqlError as error:
            types.append(error.type)
        else:
            types.append("nothing")
    said = f"cancelling a PAID order and a missing one is refused with {' and '.join(map(str, types))}"
    return QuestionAnswer(said, Verdict.WORKS if types == REFUSALS else Verdict.BROKEN)


def unset_subscription_variable(context: QuestionContext) -> QuestionAnswer:
    """Compare what was heard with and without a value for a variable."""
    heard = context.watched.heard_without_id
    if heard is None:
        return QuestionAnswer("the subscription is refused", Verdict.OTHER)
    if not context.watched.heard:
        return QuestionAnswer("neither subscription heard anything in its first seconds", Verdict.NOT_ASKED)
    if not heard:
        return QuestionAnswer("such a subscriber hears nothing: it is taken for null", Verdict.OTHER)
    return QuestionAnswer(f"such a subscriber hears {', '.join(heard)}", Verdict.EXPECTED)


def skipped_subscription_field(context: QuestionContext) -> QuestionAnswer:
    """Subscribe to another's orders, and skip the field whose resolver would refuse that."""

    async def subscribe() -> None:
        async with subscription(context.target.outputs, context.customer, document=SKIPPED, userId=NOBODY):
            pass

    try:
        asyncio.run(subscribe())
    except TransportQueryError as error:
        return QuestionAnswer(f"a subscription whose field is skipped is refused: {error}", Verdict.EXPECTED)
    return QuestionAnswer("a subscription to another's orders begins when its field is skipped", Verdict.BROKEN)


def unset_query_variables(context: QuestionContext) -> QuestionAnswer:
    """List orders with two variables that have no value."""
    try:
        found = context.customer.execute(QUERY_WITHOUT_VALUES)["orders"]
    except GraphqlError as error:
        return QuestionAnswer(f"listing orders without values for its variables is refused: {error}", Verdict.BROKEN)
    is_there = {"id": context.order["id"]} in found
    said = f"listing orders without values for its variables gives {len(found)}"
    return QuestionAnswer(said, Verdict.WORKS if is_there else Verdict.BROKEN)


def events_after_start_ack(context: QuestionContext) -> QuestionAnswer:
    """Look at what was heard of the order that was placed right after `start_ack`."""
    heard = [status for status in context.watched.heard if status != "PENDING"]
    if heard == EXPECTED_STATUSES:
        return QuestionAnswer("PAYING and PAID are heard of an order placed at once", Verdict.EXPECTED)
    later = "; a later order is heard" if context.watched.needed_second_order else ""
    return QuestionAnswer(f"of an order placed at once {', '.join(heard) or 'nothing'} is heard{later}", Verdict.OTHER)


def introspection(context: QuestionContext) -> QuestionAnswer:
    """Introspect the schema, where that is allowed, in a query that is deeper than the limit."""
    if not context.target.settings.introspection:
        return QuestionAnswer("introspection is off here", Verdict.NOT_ASKED)
    answer = context.customer.answer(get_introspection_query())
    if errors := answer.get("errors"):
        return QuestionAnswer(f"it is refused: {errors[0].get('message')}", Verdict.OTHER)
    types = answer["data"]["__schema"]["types"]
    limit = context.target.settings.query_depth_limit
    return QuestionAnswer(f"under a limit of {limit} the whole schema is told, {len(types)} types", Verdict.EXPECTED)


def validation_messages(context: QuestionContext) -> QuestionAnswer:
    """Ask for a field that isn't there."""
    answer = context.customer.answer("query { orders { id nothing } }")
    errors = answer.get("errors") or []
    if not errors:
        return QuestionAnswer("a field that isn't there is no error", Verdict.BROKEN)
    message = str(errors[0].get("message"))
    is_same = message.startswith("Cannot query field 'nothing' on type 'Order'")
    return QuestionAnswer(f"{errors[0].get('errorType')}: {message}", Verdict.EXPECTED if is_same else Verdict.OTHER)


def many_tokens(context: QuestionContext) -> QuestionAnswer:
    """Ask for 2,100 tokens."""
    answer = context.customer.answer(MANY_FIELDS)
    if errors := answer.get("errors"):
        return QuestionAnswer(f"2,100 tokens are refused: {errors[0].get('message')}", Verdict.OTHER)
    return QuestionAnswer("2,100 tokens are taken", Verdict.EXPECTED)
