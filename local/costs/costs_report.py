"""Makes docs/costs.md of what was measured: the tables, and how they are counted."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from local.costs.deployed_environment import DeployedEnvironment
from local.costs.kms_requests import RULES
from local.costs.measured_orders import ALIKE_ORDERS
from local.costs.measured_usage import CONNECTED_MINUTES, MeasuredUsage, billing_conditions, costs_of_a_million
from local.costs.order_costs import ORDERS_A_SECOND, STARTS_A_RUN, BillingConditions, BillLine, order_lines
from local.costs.prices import Prices
from local.costs.report_text import COUNTING, HEAD, IDLE, KEYS, LEVERS, PRICES, WHAT_IF
from local.costs.setting_effects import costs_if_changed, savings

MOST_USD_WITHOUT_LIVE_UPDATES, MOST_USD_WATCHED = 20, 35
# A batch has at most ten hints.
BATCHES = range(2, 11)


def costs_page(measured: MeasuredUsage, idle: Sequence[BillLine], deployed: DeployedEnvironment, prices: Prices) -> str:
    """Return the text of docs/costs.md."""
    conditions, environment = billing_conditions(deployed), deployed.settings.environment
    parts = [
        HEAD.format(
            as_of=prices.as_of, region=prices.region, environment=environment, orders_a_second=f"{ORDERS_A_SECOND:g}"
        ),
        _goals(measured, conditions, prices),
        _orders_table(measured, conditions, prices),
        COUNTING.format(minutes=CONNECTED_MINUTES, alike=ALIKE_ORDERS),
        LEVERS,
        _table(["lever", "USD saved"], savings(measured, conditions, prices)),
        WHAT_IF.format(environment=environment),
        _table(["change", "without live updates", "live and watched"], costs_if_changed(measured, conditions, prices)),
        IDLE.format(environment=environment),
        _idle_table(idle, prices),
        KEYS.format(environment=environment, starts=f"{100 * STARTS_A_RUN:g} %"),
        _keys_table(deployed),
        PRICES.format(as_of=prices.as_of, region=prices.region),
        _prices_table(prices),
    ]
    return "\n\n".join(part.strip("\n") for part in parts) + "\n"


def costs_summary(
    measured: MeasuredUsage, idle: Sequence[BillLine], deployed: DeployedEnvironment, prices: Prices
) -> str:
    """Return the few lines that the command prints."""
    conditions = billing_conditions(deployed)
    month = sum(prices[line.price].of(line.quantity) for line in idle)
    lines = [
        "",
        _goals(measured, conditions, prices),
        f"idle: {month:.2f} USD a month in {deployed.settings.environment}",
        f"assumed, for what depends on time: {ORDERS_A_SECOND:g} order a second",
    ]
    return "\n".join(lines)


def _goals(measured: MeasuredUsage, conditions: BillingConditions, prices: Prices) -> str:
    cheapest, _, _, watched = costs_of_a_million(measured, conditions, prices)
    rows = [
        _goal("without live updates, nobody watches", cheapest, MOST_USD_WITHOUT_LIVE_UPDATES),
        _goal("live updates, a customer watches", watched, MOST_USD_WATCHED),
    ]
    if watched > MOST_USD_WATCHED:
        batched = [
            (batch, costs_of_a_million(measured, replace(conditions, batch=batch), prices)[3]) for batch in BATCHES
        ]
        enough = next(((batch, usd) for batch, usd in batched if usd <= MOST_USD_WATCHED), None)
        if enough is not None:
            name = f"live updates, a customer watches, batches of {enough[0]}"
            rows.append(_goal(name, enough[1], MOST_USD_WATCHED))
    return _table(["a million orders, EXPRESS", "USD", "goal", "result"], rows)


def _goal(name: str, usd: float, most: float) -> list[str]:
    return [name, f"{usd:.2f}", f"{most:.0f}", "met" if usd <= most else f"missed by {usd - most:.2f}"]


def _orders_table(measured: MeasuredUsage, conditions: BillingConditions, prices: Prices) -> str:
    heads = [
        "USD for a million orders",
        "not live, nobody watches",
        "not live, the page asks",
        "live, nobody watches",
        "live, watched",
    ]
    scenarios = measured.scenarios(conditions)
    express = [order_lines(used, beside) for used, beside in scenarios]
    standard = [order_lines(used, replace(beside, workflow_type="STANDARD")) for used, beside in scenarios]
    transitions = [next(line for line in lines if line.price == "standard_transition") for lines in standard]
    rows = []
    for lines in zip(*express, strict=True):
        first = lines[0]
        mark = " (estimate)" if first.is_estimate else ""
        if any(line.quantity for line in lines):
            rows.append([f"{first.name}{mark}", *(f"{line.usd_per_million(prices):.2f}" for line in lines)])
    estimated = [sum(line.usd_per_million(prices) for line in lines if line.is_estimate) for lines in express]
    all_express, all_standard = (
        costs_of_a_million(measured, conditions, prices),
        costs_of_a_million(measured, replace(conditions, workflow_type="STANDARD"), prices),
    )
    rows += [
        ["**EXPRESS**", *(f"**{usd:.2f}**" for usd in all_express)],
        ["of which estimates", *(f"{usd:.2f}" for usd in estimated)],
        [
            "STANDARD: state transitions instead of executions",
            *(f"{line.usd_per_million(prices):.2f}" for line in transitions),
        ],
        ["**STANDARD**", *(f"**{usd:.2f}**" for usd in all_standard)],
    ]
    return _table(heads, rows)


def _idle_table(idle: Sequence[BillLine], prices: Prices) -> str:
    rows = [
        [line.name, f"{line.quantity:,.0f}", f"{prices[line.price].of(line.quantity):.2f}"]
        for line in idle
        if line.quantity
    ]
    month = sum(prices[line.price].of(line.quantity) for line in idle)
    return _table(["a month", "how many", "USD"], [*rows, ["**all**", "", f"**{month:.2f}**"]])


def _keys_table(deployed: DeployedEnvironment) -> str:
    rows = []
    for name, rule in RULES.items():
        uses = [use for use in deployed.key_uses if use.rule == name]
        always = sum(use.is_without_orders for use in uses)
        title, page_ = rule.source
        seconds = sorted({use.seconds for use in uses})
        each = ", ".join(f"{one:,} s" for one in seconds)
        rows.append(
            [
                rule.users,
                f"{len(uses) - always}",
                f"{always}",
                f"{rule.requests} each {each}",
                f"[{title}]({page_}): {rule.says}",
            ]
        )
    return _table(["who", "with orders", "always", "requests", "AWS's rule"], rows)


def _prices_table(prices: Prices) -> str:
    rows = [
        [f"[{one.service}]({one.page})", one.unit, f"{one.usd:.10f}".rstrip("0").rstrip("."), f"{one.per:,}", one.read]
        for one in prices.by_name.values()
    ]
    return _table(["service", "unit", "USD", "per", "read in"], rows)


def _table(heads: Sequence[str], rows: Iterator[list[str]] | Sequence[list[str]]) -> str:
    lines = [heads, ["---", *["---:" for _ in heads[1:]]], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
