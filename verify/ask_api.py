"""Questions that a customer can ask of the API."""

from graphql import get_introspection_query

from verify.customer import GraphqlError
from verify.report import Answer, Verdict
from verify.scene import Scene

# Any id that no order of a new customer has.
NOBODYS = "01ARZ3NDEKTSV4RRFFQ69G5FAV"
REFUSALS = ["OrderNotChangeable", "OrderNotFound"]
UNSET = "query Orders($first: Int, $after: String) { orders(first: $first, after: $after) { id } }"
HEARD = ["PAYING", "PAID"]
# Each is three tokens.
MANY_FIELDS = "query { orders(first: 1) { " + " ".join(f"a{number}: id" for number in range(700)) + " } }"


def failed_conditions(scene: Scene) -> Answer:
    """Cancel an order that is PAID and one that isn't there: both writes fail at their condition."""
    types = []
    for id_ in (str(scene.order["id"]), NOBODYS):
        try:
            scene.customer.cancel_order(id_)
        except GraphqlError as error:
            types.append(error.type)
        else:
            types.append("nothing")
    said = f"cancelling a PAID order and a missing one is refused with {' and '.join(map(str, types))}"
    return Answer(said, Verdict.WORKS if types == REFUSALS else Verdict.BROKEN)


def unset_subscription_variable(scene: Scene) -> Answer:
    """Compare what was heard with and without a value for a variable."""
    heard = scene.watched.heard_without_id
    if heard is None:
        return Answer("the subscription is refused", Verdict.OTHER)
    if not scene.watched.heard:
        return Answer("neither subscription heard anything in its first seconds", Verdict.NOT_ASKED)
    if not heard:
        return Answer("such a subscriber hears nothing: it is taken for null", Verdict.OTHER)
    return Answer(f"such a subscriber hears {', '.join(heard)}", Verdict.EXPECTED)


def unset_query_variables(scene: Scene) -> Answer:
    """List orders with two variables that have no value."""
    try:
        found = scene.customer.execute(UNSET)["orders"]
    except GraphqlError as error:
        return Answer(f"listing orders without values for its variables is refused: {error}", Verdict.BROKEN)
    is_there = {"id": scene.order["id"]} in found
    said = f"listing orders without values for its variables gives {len(found)}"
    return Answer(said, Verdict.WORKS if is_there else Verdict.BROKEN)


def events_after_start_ack(scene: Scene) -> Answer:
    """Look at what was heard of the order that was placed right after `start_ack`."""
    heard = [status for status in scene.watched.heard if status != "PENDING"]
    if heard == HEARD:
        return Answer("PAYING and PAID are heard of an order placed at once", Verdict.EXPECTED)
    later = "; a later order is heard" if scene.watched.took_another else ""
    return Answer(f"of an order placed at once {', '.join(heard) or 'nothing'} is heard{later}", Verdict.OTHER)


def introspection(scene: Scene) -> Answer:
    """Introspect the schema, where that is allowed, in a query that is deeper than the limit."""
    if not scene.target.settings.introspection:
        return Answer("introspection is off here", Verdict.NOT_ASKED)
    answer = scene.customer.answer(get_introspection_query())
    if errors := answer.get("errors"):
        return Answer(f"it is refused: {errors[0].get('message')}", Verdict.OTHER)
    types = answer["data"]["__schema"]["types"]
    limit = scene.target.settings.query_depth_limit
    return Answer(f"under a limit of {limit} the whole schema is told, {len(types)} types", Verdict.EXPECTED)


def validation_messages(scene: Scene) -> Answer:
    """Ask for a field that isn't there."""
    answer = scene.customer.answer("query { orders { id nothing } }")
    errors = answer.get("errors") or []
    if not errors:
        return Answer("a field that isn't there is no error", Verdict.BROKEN)
    message = str(errors[0].get("message"))
    is_same = message.startswith("Cannot query field 'nothing' on type 'Order'")
    return Answer(f"{errors[0].get('errorType')}: {message}", Verdict.EXPECTED if is_same else Verdict.OTHER)


def many_tokens(scene: Scene) -> Answer:
    """Ask for 2,100 tokens."""
    answer = scene.customer.answer(MANY_FIELDS)
    if errors := answer.get("errors"):
        return Answer(f"2,100 tokens are refused: {errors[0].get('message')}", Verdict.OTHER)
    return Answer("2,100 tokens are taken", Verdict.EXPECTED)
