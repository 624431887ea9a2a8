"""Every call that a run of a function makes, broken in every way."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from tests.e2e.faults.support.call_faults import AnswerLost, Call, Dies, Fault, Refused, RequestLost
from tests.e2e.faults.support.fault_proxy import FaultProxy, Rule
from tests.e2e.faults.support.one_order import OneOrder

FIRST_TRY = (1,)
ALL_TRIES = None
# A sweep reads these for all orders.
ABOUT_NOBODY = ("sweep", "Query")
READS = ("Query", "GetItem")


@dataclass(frozen=True)
class Way:
    """A fault, and the SDK's tries of a call that it breaks."""

    fault: Fault
    tries: Collection[int] | None


def ways(server: int) -> Mapping[str, Way]:
    """Return each way to break a call, by name."""
    faults: dict[str, Fault] = {"request_lost": RequestLost(), "answer_lost": AnswerLost(), "refused": Refused()}
    once = {name: Way(fault, FIRST_TRY) for name, fault in faults.items()}
    each_time = {f"{name}_each_try": Way(fault, ALL_TRIES) for name, fault in faults.items()}
    return once | each_time | {"died": Way(Dies(server), FIRST_TRY)}


@dataclass(frozen=True)
class CrashPoint:
    """One call of a function, and the way in which it breaks."""

    function: str
    operation: str
    number: int
    name_of_way: str
    way: Way

    def __str__(self) -> str:
        return f"{self.function}-{self.operation}-{self.number}-{self.name_of_way}"


def crash_points(function: str, operations: Sequence[str], ways: Mapping[str, Way]) -> list[CrashPoint]:
    """Combine each of the calls with each way to break it.

    Reads are left out where the answer is lost: the function sees no difference to a lost request.
    """
    numbered = enumerate(operations, start=1)
    return [
        CrashPoint(function, operation, number, name, way)
        for number, operation in numbered
        for name, way in ways.items()
        if not (operation in READS and isinstance(way.fault, AnswerLost))
    ]


def calls_for(proxy: FaultProxy, function: str, order: OneOrder) -> list[str]:
    """Return the operations that a function called for an order. Tries of a call count once."""
    calls = [call for call in proxy.calls if call.function == function and _concerns(call, order)]
    return list({call.invocation_id: call.operation for call in calls}.values())


@contextmanager
def broken_at(proxy: FaultProxy, point: CrashPoint, order: OneOrder) -> Iterator[Rule]:
    """Break the point's call for this order only."""
    met: list[str] = []

    def is_that_call(call: Call) -> bool:
        if not _concerns(call, order):
            return False
        if call.invocation_id not in met:
            met.append(call.invocation_id)
        return met.index(call.invocation_id) + 1 == point.number

    with proxy.breaking(point.way.fault, function=point.function, numbers=point.way.tries, when=is_that_call) as rule:
        yield rule


def _concerns(call: Call, order: OneOrder) -> bool:
    return (call.function, call.operation) == ABOUT_NOBODY or order.is_in(call)
