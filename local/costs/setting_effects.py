"""Rows of tables: the effect of a setting on the cost of an order."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from local.costs.measured_usage import CONNECTED_MINUTES, MeasuredUsage, costs_of_a_million
from local.costs.order_costs import BillingConditions, traced_share, usd_per_million
from local.costs.prices import Prices


def savings(measured: MeasuredUsage, conditions: BillingConditions, prices: Prices) -> Iterator[list[str]]:
    """Yield what each lever takes from the cost of an order that is watched."""

    def cost(**changes: Any) -> float:
        return usd_per_million(
            measured.watched, replace(conditions, connected_minutes=CONNECTED_MINUTES, **changes), prices
        )

    now = cost()
    query = prices["appsync_operation"].of(1_000_000)
    yield ["`live_updates = false`", f"{now - costs_of_a_million(measured, conditions, prices)[0]:.2f}"]
    yield ["`tracing = false`, at an order a second", f"{cost(traced=traced_share(1)) - cost(traced=0):.2f}"]
    yield ["`tracing = false`, at a hundred orders a second", f"{cost(traced=traced_share(100)) - cost(traced=0):.2f}"]
    all_logged = cost(workflow_log_level="ALL", workflow_log_data=True)
    yield ['`workflow_log_level = "ERROR"`', f"{all_logged - cost(workflow_log_level='ERROR'):.2f}"]
    yield [
        '`function_log_level = "WARNING"`',
        f"{cost(function_log_level='INFO') - cost(function_log_level='WARNING'):.2f}",
    ]
    yield ["the page no longer reads an order that it just placed", f"{query:.2f} and a read"]
    yield ["the page reads the restaurants once", f"{query:.2f} and a read"]
    yield [
        "the page asks for an order that it hears of after 4 s, not 1 s",
        f"{query:.2f} and a read, where an order takes longer than 1 s",
    ]


def costs_if_changed(measured: MeasuredUsage, conditions: BillingConditions, prices: Prices) -> Iterator[list[str]]:
    """Yield what a change makes of the cost of an order without live updates, and of one that is watched."""

    def row(name: str, **changes: Any) -> list[str]:
        cheapest, _, _, watched = costs_of_a_million(measured, replace(conditions, **changes), prices)
        return [name, f"{cheapest:.2f}", f"{watched:.2f}"]

    yield row("as above")
    for level, data in (("ALL", True), ("ALL", False), ("ERROR", False)):
        told = f"the workflow logs {level}" + (" with data" if data else "")
        yield row(told, workflow_log_level=level, workflow_log_data=data)
    for level in ("INFO", "WARNING"):
        yield row(f"the functions log {level}", function_log_level=level)
    for memory_mb in (256, 1024, 1769):
        yield row(f"functions with {memory_mb} MB", memory_mb=memory_mb)
    for batch in (2, 10):
        yield row(f"batches of {batch} hints and changes", batch=batch)
    for rate in (1, 10, 100):
        yield row(
            f"traces, at {rate} order{'s' if rate > 1 else ''} a second",
            traced=traced_share(rate),
            orders_a_second=rate,
        )
    for share in (0.1, 10, 100):
        yield row(f"{share:g} orders a second share KMS's requests", orders_a_second=share)
    yield row("the firewall looks at each request", firewall=True)
    yield row("each order is mailed to one address", mails=1)
    cheapest, _, _, watched = costs_of_a_million(measured, conditions, prices)
    for minutes in (1, 60):
        minute = prices["appsync_connection_minute"].of(1_000_000)
        stays = f"the page stays open for {minutes} minute{'s' if minutes > 1 else ''}"
        yield [stays, f"{cheapest:.2f}", f"{watched + (minutes - CONNECTED_MINUTES) * minute:.2f}"]
