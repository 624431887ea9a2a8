"""One order uses no more of the services that AWS bills than before, times and sizes aside."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from local.costs.measured_orders import MeasuredOrders
from local.costs.reported_usage import UsageCounts, UsageMeter
from local.costs.without_live_updates import without_live_updates
from tests.conftest import Deployment
from tests.support.golden_counts import read_counts, write_counts
from verify.customer import Customer

GOLDEN = Path(__file__).with_name("costs.golden.txt")
REWRITE = "ORDERS_REWRITE_COSTS=1 .venv/bin/python -m pytest tests/e2e/test_costs.py"


def test_an_order_that_is_watched_uses_no_more_than_the_golden_list_says(
    customer: Customer, outputs: Mapping[str, Any], deployment: Deployment
) -> None:
    used = MeasuredOrders(UsageMeter(deployment.run.directory, outputs), customer, outputs).watched()

    found = lines(used)
    if os.environ.get("ORDERS_REWRITE_COSTS") == "1":
        write_counts(GOLDEN, found)
    expected = read_counts(GOLDEN)
    grown = {name: quantity for name, quantity in found.items() if quantity > expected.get(name, 0)}
    if grown:
        more = [f"{name}: {quantity:g}, was {expected.get(name, 0):g}" for name, quantity in grown.items()]
        how = f"An order costs more. If that is meant: {REWRITE}, then `make cost`"
        pytest.fail("\n".join([*more, how]), pytrace=False)


def test_without_live_updates_announce_runs_once_and_tells_the_topic_alone(
    customer: Customer, outputs: Mapping[str, Any], deployment: Deployment
) -> None:
    orders = MeasuredOrders(UsageMeter(deployment.run.directory, outputs), customer, outputs)

    with without_live_updates(outputs, deployment.run.directory):
        used = orders.unwatched()

    announce = outputs["functions"]["announce"]
    assert used.total("lambda", "requests", of=announce) == 1
    assert used.total("sns", "publications") == 1
    assert used.total("appsync", "operations", of="publishOrder") == 0


def lines(used: UsageCounts) -> dict[str, float]:
    """Return the usage of an order by name."""
    return {" ".join(usage): quantity for usage, quantity in sorted(used.counts().items())}
