"""Request handlers give the same result in the embedded engine and in AWS's EvaluateCode.

EvaluateCode drops error types, the stash and early returns, so responses and pipelines are tested
with the engine only.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

import pytest

from local.server_process import Server
from tests.integration.support.resolver_player import ENGINE, RESOLVERS, code_of
from tests.integration.support.resolver_rows import ID, INPUT, STORED_INPUT, row

CONTENT = {
    "name": "Margherita",
    "quantity": 2,
    "restaurant_id": "trattoria-roma",
    "unit_price": 950,
    "total": 1900,
    "currency": "EUR",
}
MALFORMED = "no ulid"
REFUSED = {"error": {"type": "DynamoDB:ConditionalCheckFailedException", "message": "no"}, "row": None}
CONTEXTS: dict[str, list[dict[str, Any]]] = {
    "Query.orders.js": [{"args": {}}],
    "Query.order.js": [{"args": {"id": ID}}],
    "Query.restaurants.js": [{"args": {}}],
    "Query.menu.js": [{"args": {"restaurantId": "trattoria-roma"}}],
    "Mutation.postOrder.js": [{"args": {"input": INPUT}}],
    "Mutation.updateOrder.js": [{"args": {"input": {**INPUT, "id": ID}}}],
    "Mutation.cancelOrder.js": [{"args": {"id": ID}}],
    "Mutation.deleteOrder.js": [{"args": {"id": ID}}],
    "Mutation.publishOrder.js": [{"args": {"input": {"id": ID, "status": "PAID", "failureReason": None}}}],
    "Subscription.onOrderChanged.js": [{"args": {"userId": "alice", "id": ID}}],
    "functions/checkArguments.js": [
        {"args": {"input": {**INPUT, "id": ID, "paymentMethod": None}}},
        {"args": {"id": MALFORMED}},
        {"args": {"first": 101}},
        {"args": {"input": {**INPUT, "name": "🍕" * 100}}},
        {"args": {"input": {**INPUT, "name": "x" * 39 + "🍕" * 100}}},
        {"args": {"input": {**INPUT, "paymentMethod": "visa"}}},
    ],
    "functions/readPayment.js": [{"stash": {"id": ID}}],
    "functions/readOrder.js": [{"stash": {"id": ID}}, {"stash": {"id": ID, "write": REFUSED}}],
    "functions/replayOrder.js": [
        {"stash": {"id": ID, "input": STORED_INPUT}},
        {"stash": {"id": ID, "input": {**STORED_INPUT, "quantity": 3}, "found": row()}},
        {"stash": {"id": ID, "input": {**STORED_INPUT, "wish": ["no onions"]}, "found": row()}},
        {"stash": {"id": ID, "input": STORED_INPUT, "wasCharged": True}},
        {"stash": {"id": ID, "input": STORED_INPUT, "found": None, "write": REFUSED}},
        {"stash": {"id": ID, "input": STORED_INPUT, "found": None, "isUnread": True}},
    ],
    "functions/readMenuItem.js": [{"stash": {"input": STORED_INPUT}}],
    "functions/limitOpenOrders.js": [{"stash": {"id": ID}}],
    "functions/insertOrder.js": [{"stash": {"id": ID, "input": STORED_INPUT, "content": CONTENT}}],
    "functions/sendHint.js": [{"stash": {"id": ID}}],
    "functions/updateOrder.js": [{"stash": {"id": ID, "content": CONTENT}}],
    "functions/cancelOrder.js": [{"stash": {"id": ID}}],
    "functions/deleteOrder.js": [{"stash": {"id": ID}}],
    "functions/requireChangeable.js": [
        {"stash": {"id": ID, "changeable": ["PENDING"], "found": row()}},
        {"stash": {"id": ID, "changeable": ["PENDING"], "found": row(status="PAID"), "write": REFUSED}},
        {"stash": {"id": ID, "changeable": ["PENDING", "FAILED"], "found": row(status="PAID")}},
    ],
    "functions/listOrders.js": [{"args": {}}, {"args": {"first": 10, "after": ID}}],
    "functions/listMenu.js": [{"stash": {"restaurantId": "trattoria-roma"}}],
    "functions/presentOrder.js": [{"prev": {"result": row()}}],
}


def test_every_file_is_compared() -> None:
    files = {path.relative_to(RESOLVERS).as_posix() for path in RESOLVERS.rglob("*.js")}

    assert files == CONTEXTS.keys()


@pytest.mark.parametrize(
    ("file", "context"), [(file, context) for file, contexts in CONTEXTS.items() for context in contexts]
)
def test_the_request_is_the_same_in_both(emulator: Server, file: str, context: Mapping[str, Any]) -> None:
    code = code_of(file, change_window_seconds=300)
    context = {"args": {}, "stash": {}, "prev": {"result": {}}, "identity": {"sub": "alice"}, **context}

    ours = ENGINE.evaluate(code, "request", context)
    theirs = emulator.client("appsync").evaluate_code(
        runtime={"name": "APPSYNC_JS", "runtimeVersion": "1.0.0"},
        code=code,
        function="request",
        context=json.dumps(context),
    )

    assert (ours.error.message if ours.error else None) == theirs.get("error", {}).get("message")
    assert comparable(ours.result) == comparable(json.loads(theirs.get("evaluationResult", "null")))


def comparable(value: Any, name: str = "") -> Any:
    """Return the value without its times, and with DynamoDB's numbers as text."""
    if isinstance(value, dict) and value.keys() == {"N"}:
        return {"N": "later" if name == "due_at" else str(value["N"])}
    if isinstance(value, dict):
        return {key: comparable(item, key) for key, item in value.items()}
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", value):
        return "now"
    return value
