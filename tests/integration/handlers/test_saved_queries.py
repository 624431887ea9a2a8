"""Saved queries name only fields and messages that the functions write."""

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from orders import bootstrap
from orders.adapters.simulated_gateway import SimulatedGateway
from orders.domain.hint import hint_text
from orders.domain.order import OrderKey
from orders.handlers import announce, charge_payment, start_workflow, sweep

from environments.names import FUNCTIONS
from stacks.orders.saved_query_table import API, QUERIES, WORKFLOW, Query
from tests.integration.handlers import test_announce, test_charge_payment, test_start_workflow, test_sweep
from tests.support.fakes import (
    FakeAnnouncements,
    FakeChargeRequests,
    FakeClock,
    FakeDelayed,
    FakeHints,
    FakeOrders,
    FakePayments,
)
from tests.support.order_rows import KEY, order_row

Line = dict[str, Any]
TRACE = "1-5759e988-bd862e3fe1be46a994272793"
# Fields that Logs Insights adds to each line.
OF_INSIGHTS = {"@timestamp", "@message", "@log"}
# Sources: the docstring of stacks/orders/saved_query_table.py.
OF_LAMBDA = {
    *("type", "record.status", "record.requestId", "record.metrics.durationMs", "record.metrics.maxMemoryUsedMB"),
    *("requestId", "errorType"),
}
OF_AWS = {
    API: {"logType", "requestId"},
    WORKFLOW: {"type", "execution_arn", "details.name", "details.error", "details.cause"},
    **dict.fromkeys(FUNCTIONS, OF_LAMBDA),
}
WORDS = {
    *("fields", "filter", "stats", "sort", "limit", "as", "by", "and", "or", "in", "like", "asc", "desc"),
    *("coalesce", "count", "count_distinct", "ispresent", "max", "pct"),
}


@pytest.fixture
def lines(
    logged: Callable[[ModuleType], Callable[[], list[Line]]], context: Any, monkeypatch: Any
) -> dict[str, list[Line]]:
    """The log lines of each function, from calls that succeed and calls that fail."""
    monkeypatch.setenv("_X_AMZN_TRACE_ID", f"Root={TRACE};Sampled=1")
    said = logged(start_workflow)
    found: dict[str, list[Line]] = {}
    begun = 0
    for use_case, act in _acts(context, monkeypatch):
        with suppress(Exception):
            act()
        found.setdefault(use_case, []).extend(said()[begun:])
        begun = len(said())
    return found


def _acts(context: Any, monkeypatch: Any) -> Iterator[tuple[str, Callable[[], object]]]:
    payments = FakePayments()
    gateway = SimulatedGateway(payments)
    hints = test_start_workflow.batch(hint_text(test_start_workflow.GOOD), hint_text(test_start_workflow.UNLUCKY))
    monkeypatch.setattr(bootstrap, "start_workflow", lambda: SimpleNamespace(workflows=test_start_workflow.Workflows()))
    yield "start_workflow", lambda: start_workflow.handler(hints, context)
    to_charge = FakeOrders()
    charging = SimpleNamespace(charge_requests=FakeChargeRequests(to_charge), payments=payments, gateway=gateway)
    monkeypatch.setattr(bootstrap, "charge_payment", lambda: charging)
    for id_, method in (("1", "pm_card_visa"), ("2", "pm_card_chargeDeclined"), ("3", "pm_sim_error_always")):
        request = test_charge_payment.CHARGE | {"id": id_}
        to_charge.put(order_row(OrderKey(KEY.user_id, id_), payment_method=method))
        yield "charge_payment", partial(charge_payment.handler, request, context)
    adapters = SimpleNamespace(
        subscribers=test_announce.Subscribers(), announcements=FakeAnnouncements(), delayed=FakeDelayed()
    )
    monkeypatch.setattr(bootstrap, "announce", lambda: adapters)
    monkeypatch.setattr(bootstrap, "now_milliseconds", FakeClock())
    unlucky = test_announce.PAYING | {"name": "unlucky"}
    batch = test_announce.batch((test_announce.PENDING, test_announce.PAYING), (test_announce.PENDING, unlucky))
    yield "announce", lambda: announce.handler(batch, context)
    orders = FakeOrders()
    for user_id, changes in (("a", {}), ("b", {"hints": 5}), ("c", {"hints": 5, "total": None})):
        orders.put(order_row(OrderKey(user_id, "o"), **changes))
    sweep_parts = SimpleNamespace(
        orders=orders, hints=FakeHints(), payments=payments, gateway=gateway, config=test_sweep.CONFIG
    )
    monkeypatch.setattr(bootstrap, "sweep", lambda: sweep_parts)
    yield "sweep", lambda: sweep.handler({}, context)


def named(query: Query) -> set[str]:
    """Return the fields that a query reads, without those that it makes itself."""
    text = re.sub(r'"[^"]*"|/[^/]*/', "", query.text)
    words = set(re.findall(r"@?[A-Za-z_][\w.]*", text))
    return words - WORDS - set(re.findall(r"\bas (\w+)", text))


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.noun)
def test_each_field_of_a_query_is_written_by_what_it_reads(query: Query, lines: dict[str, list[Line]]) -> None:
    written = {name for log in query.logs for line in lines.get(log, ()) for name in line}

    unknown = named(query) - written - OF_INSIGHTS - {name for log in query.logs for name in OF_AWS[log]}

    assert unknown == set()


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.noun)
def test_each_message_that_a_query_looks_for_is_written(query: Query, lines: dict[str, list[Line]]) -> None:
    wanted = {
        text for list_ in re.findall(r"message in \[(.*?)\]", query.text) for text in re.findall('"(.*?)"', list_)
    }

    messages = {line["message"] for log in query.logs for line in lines.get(log, ())}

    assert wanted <= messages


def test_every_line_names_its_order_its_customer_and_its_trace(lines: dict[str, list[Line]]) -> None:
    assert {use_case: len(found) for use_case, found in lines.items()} == {
        "start_workflow": 2,
        "charge_payment": 3,
        "announce": 2,
        "sweep": 3,
    }
    for found in lines.values():
        for line in found:
            assert line["xray_trace_id"] == TRACE
            if "announce" not in line["message"]:
                assert line["order_id"]
                assert line["user_id"]


def test_no_line_has_what_is_paid_with(lines: dict[str, list[Line]]) -> None:
    for found in lines.values():
        for line in found:
            assert "pm_" not in str(line)
