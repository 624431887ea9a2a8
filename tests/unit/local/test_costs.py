"""The bill of an order: arithmetic on counts and prices."""

from dataclasses import replace
from pathlib import Path

import pytest

from environments.settings import settings_of
from environments.user_error import UserError
from local.costs import __main__ as costs
from local.costs.__main__ import measure
from local.costs.costs_report import costs_page, costs_summary
from local.costs.deployed_environment import DeployedEnvironment
from local.costs.measured_usage import MeasuredUsage
from local.costs.order_costs import (
    ANNOUNCE,
    CHARGE_PAYMENT,
    BillingConditions,
    order_lines,
    traced_share,
    usd_per_million,
)
from local.costs.order_watcher import OrderWatcher
from local.costs.prices import read_prices
from local.costs.reported_usage import BilledItem, UsageCounts
from local.run import LocalRun

PRICES = read_prices()
START = settings_of("local").names.function("start_workflow")
MACHINE = "orders-local-order-express"
COUNTS: dict[tuple[str, str, str], float] = {
    ("appsync", "operations", "Mutation.postOrder"): 1,
    ("appsync", "operations", "Mutation.publishOrder"): 2,
    ("appsync", "real-time updates", "message"): 2,
    ("calls", "dynamodb", CHARGE_PAYMENT): 2,
    ("calls", "sns", ANNOUNCE): 1,
    ("calls", "appsync", ANNOUNCE): 2,
    ("calls", "states", START): 1,
    ("dynamodb", "read units", "orders"): 4,
    ("dynamodb", "write units", "orders"): 3,
    ("dynamodb", "write units", "orders/open-orders"): 4,
    ("lambda", "requests", ANNOUNCE): 2,
    ("lambda", "requests", CHARGE_PAYMENT): 1,
    ("lambda", "requests", START): 1,
    ("lambda", "processor milliseconds", CHARGE_PAYMENT): 4,
    ("logs", "bytes at INFO", ANNOUNCE): 1000,
    ("logs", "events at INFO", ANNOUNCE): 2,
    ("logs", "bytes at metrics", ANNOUNCE): 500,
    ("logs", "events at metrics", ANNOUNCE): 1,
    ("logs", "bytes at ALL with data", MACHINE): 8000,
    ("logs", "events at ALL with data", MACHINE): 16,
    ("sns", "publications", "orders-local-announcements"): 1,
    ("sqs", "requests", "orders-local-placed DeleteMessageBatch"): 1,
    ("sqs", "requests", "orders-local-placed ReceiveMessage"): 1,
    ("sqs", "requests", "orders-local-placed SendMessage"): 1,
    ("states", "executions", MACHINE): 1,
    ("states", "transitions", MACHINE): 5,
}
ORDER = UsageCounts({BilledItem(*names): quantity for names, quantity in COUNTS.items()})


def usd(name: str, **conditions: object) -> float:
    lines = order_lines(ORDER, replace(BillingConditions(), **conditions))  # type: ignore[arg-type]  # names of its fields
    (line,) = (line for line in lines if line.name == name)
    return round(line.usd_per_million(PRICES), 2)


def test_each_price_says_where_it_is_from() -> None:
    assert (PRICES.region, PRICES.as_of) == ("us-east-1", "2026-11-29")
    for name, price in PRICES.by_name.items():
        assert price.page.startswith("https://aws.amazon.com/"), name
        assert price.read, name
        assert price.usd > 0, name


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("API: postOrder", 4.0),
        ("API: publishOrder, for live updates", 8.0),
        ("API: real-time updates, connecting, subscribing", 4.0),
        ("tables: write units", 4.38),
        ("tables: read units", 0.5),
        ("queue: requests", 1.2),
        ("functions: requests", 0.8),
        ("topic: publications", 0.5),
        # 8000 bytes, and 26 for each of 16 events.
        ("logs of the workflow", 4.21),
    ],
)
def test_a_count_is_multiplied_with_its_price(name: str, expected: float) -> None:
    assert usd(name) == expected


def test_what_waits_costs_by_its_memory_and_what_computes_does_not() -> None:
    # 4 ms of a CPU, of which 512 MB get 29 %; two calls of 10 ms, three of 30 ms, and one.
    assert usd("functions: GB-seconds", memory_mb=512) == pytest.approx(0.5 * 13.3334 * (0.034 + 0.09 + 0.03), abs=0.01)
    assert usd("functions: GB-seconds", memory_mb=1769) > usd("functions: GB-seconds", memory_mb=512)


def test_batches_share_what_is_asked_for_once() -> None:
    assert usd("queue: requests", batch=10) == round(0.4 * 1.2, 2)
    # The workflow calls `charge_payment` for each order.
    assert usd("functions: requests", batch=10) == round(0.2 * (1 + 0.3), 2)


def test_a_standard_workflow_costs_its_transitions() -> None:
    assert usd("workflow: state transitions", workflow_type="STANDARD") == 125.0


def test_levels_decide_what_is_logged() -> None:
    quiet, usual = (usd("logs of the functions", function_log_level=level) for level in ("WARNING", "INFO"))

    assert usual - quiet == pytest.approx(0.5 * (1000 + 2 * 26) / 1000, abs=0.01)
    assert usd("logs of the workflow", workflow_log_level="ERROR") == 0
    assert usd("logs of the workflow", workflow_log_level="OFF") == 0


def test_few_orders_a_second_are_all_traced_and_many_hardly() -> None:
    assert traced_share(0.001) == pytest.approx(1, abs=0.001)
    assert traced_share(1000) == pytest.approx(0.05, abs=0.001)
    assert usd("traces", traced=1.0) == 5 * (3 + 3 + 1)


def test_a_request_of_a_key_is_on_the_bill() -> None:
    used = UsageCounts({**ORDER, BilledItem("kms", "requests", "Decrypt"): 1})

    assert usd_per_million(used, BillingConditions(), PRICES) - usd_per_million(
        ORDER, BillingConditions(), PRICES
    ) == pytest.approx(3)


def test_the_requests_of_a_second_are_shared_by_its_orders_and_those_of_a_start_are_not() -> None:
    asked = {"key_requests_a_second": 0.1, "has_encrypted_variables": True}

    # For a hundredth of four runs.
    assert usd("KMS: requests", **asked) == round(3 * (0.1 + 0.04), 2)
    assert usd("KMS: requests", **asked, orders_a_second=10) == round(3 * (0.01 + 0.04), 2)
    assert usd("KMS: requests") == 0


def test_times_and_sizes_are_no_counts() -> None:
    counted = {usage.what for usage in ORDER.counts()}

    assert "requests" in counted
    assert not {"processor milliseconds", "bytes at INFO"} & counted


def test_the_page_says_whether_the_goals_are_met() -> None:
    measured = MeasuredUsage(
        not_live=ORDER, asked_for=ORDER, unwatched=ORDER, watched=ORDER, minute=UsageCounts(), metrics=3
    )
    deployed = DeployedEnvironment(settings_of("prod"), system={}, page={})

    written, said = costs_page(measured, [], deployed, PRICES), costs_summary(measured, [], deployed, PRICES)

    assert "missed by" in said
    assert said.splitlines()[1] in written
    assert "| **EXPRESS** |" in written
    assert all(f"]({price.page})" in written for price in PRICES.by_name.values())


def test_without_a_run_it_says_how_to_start_one(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"^the local run isn't up: start it with `make up`$"):
        measure(tmp_path)


def test_a_run_with_a_change_window_is_refused_before_anything_is_counted(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(LocalRun, "problems", lambda _: [])
    monkeypatch.setattr(costs, "read_outputs", lambda _: {})
    monkeypatch.setattr(costs, "read_change_window", lambda _: 30)
    monkeypatch.setattr(costs, "UsageMeter", lambda *_: pytest.fail("it was measured"))

    with pytest.raises(UserError) as error:
        measure(tmp_path)

    assert str(error.value) == (
        "the local run has a change window of 30 s, and an order is counted without one: `make up` ends it"
    )


def test_a_watcher_who_is_told_nothing_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    class Silent:
        def recv(self, _: float) -> str:
            raise TimeoutError

    monkeypatch.setattr("local.costs.order_watcher._token_claims", lambda _: {"sub": "x"})
    watcher = OrderWatcher({"realtime_url": "ws://x", "graphql_url": "http://x"}, "token")
    watcher._socket = Silent()  # type: ignore[assignment]

    with pytest.raises(UserError, match="got no data within 20 s"):
        watcher.hear(until="PAID")
