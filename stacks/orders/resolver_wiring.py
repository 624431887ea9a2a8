"""Wiring of the API's fields: data sources, shared functions, and `resolvers/wiring.json`."""

import json
from pathlib import Path

from environments.order_rules import DEFAULT_PAYMENT_METHOD, GRACE_SECONDS, OPEN_ORDERS_SHARDS, RESTAURANTS_KEY
from stacks.components.graphql_api import GraphqlApi
from stacks.components.queue import Queue
from stacks.components.table import Table
from stacks.orders.resolver_pipelines import pipeline
from stacks.synth.rendering import Values, render_code

RESOLVERS = Path(__file__).resolve().parent / "resolvers"


def connect_resolvers(
    api: GraphqlApi,
    *,
    orders: Table,
    menu: Table,
    payments: Table,
    placed: Queue,
    change_window_seconds: int,
    open_orders_limit: int,
) -> None:
    """Add the data sources, each with its own role, and a resolver for every wired field."""
    api.add_table_source("orders_table", orders, "DeleteItem", "GetItem", "PutItem", "Query", "UpdateItem")
    api.add_table_source("menu_table", menu, "GetItem", "Query")
    api.add_table_source("payments_table", payments, "GetItem", more=[orders])
    api.add_queue_source("orders_queue", placed)
    api.add_none_source("nothing")
    values: Values = {
        "orders_table": orders.name,
        "payments_table": payments.name,
        "queue_url": placed.known_url,
        "change_window_seconds": change_window_seconds,
        "open_orders_limit": open_orders_limit,
        "grace_milliseconds": GRACE_SECONDS * 1000,
        "open_orders_shards": OPEN_ORDERS_SHARDS,
        "default_payment_method": DEFAULT_PAYMENT_METHOD,
        "restaurants_key": RESTAURANTS_KEY,
    }

    def code(file: str) -> str:
        return render_code((RESOLVERS / file).read_text(encoding="utf-8"), values)

    wiring = json.loads((RESOLVERS / "wiring.json").read_text(encoding="utf-8"))
    for name, function in wiring["functions"].items():
        api.add_function(name, code=code(function["file"]), source=function["data_source"])
    for field, resolver in wiring["resolvers"].items():
        api.add_resolver(
            field,
            code=code(resolver["file"]),
            source=resolver.get("data_source"),
            functions=pipeline(wiring, field, values),
        )
