"""The calls that a crash-point test breaks: those for its order, and a sweep's reads for all orders."""

from types import SimpleNamespace
from typing import Any

from tests.e2e.faults.support.call_faults import Call
from tests.e2e.faults.support.crash_points import calls_for

MINE = b'{"id": "mine"}'
OTHERS = b'{"id": "another"}'


def calls(function: str, *made: tuple[str, bytes]) -> Any:
    """Return a proxy that has seen the function make the calls, each once."""
    seen = [
        Call(function, "service", operation, body, peer_port=1, invocation_id=str(number))
        for number, (operation, body) in enumerate(made)
    ]
    return SimpleNamespace(calls=seen)


def order() -> Any:
    """Return an order that is in MINE."""
    return SimpleNamespace(is_in=lambda call: b"mine" in call.body)


def test_the_calls_for_an_order_are_those_that_name_it() -> None:
    proxy = calls("announce", ("publishOrder", MINE), ("publishOrder", OTHERS), ("Publish", MINE))

    assert calls_for(proxy, "announce", order()) == ["publishOrder", "Publish"]


def test_a_read_for_all_orders_counts_for_a_sweep_alone() -> None:
    """`announce` asks each minute for what is delayed, whatever order a test is about."""
    made = [("Query", b"{}"), ("UpdateItem", MINE)]

    assert calls_for(calls("sweep", *made), "sweep", order()) == ["Query", "UpdateItem"]
    assert calls_for(calls("announce", *made), "announce", order()) == ["UpdateItem"]
