"""Paths that an order takes without a call of its customer: paid, announced, swept."""

import uuid
from collections.abc import Generator
from datetime import UTC, datetime

from tests.e2e.faults.support.one_order import OneOrder
from tests.e2e.faults.support.sweeper import lose_hints, schedule_of
from tests.e2e.iam.support.grants import Grant
from tests.e2e.iam.support.path_context import PathContext, PathSteps, Refusal
from tests.e2e.support.apollo import apollo
from verify.polling import eventually

CHARGES = {"PAID": ["approved"], "FAILED": ["voided"]}


def paid(refusal: Refusal) -> PathSteps:
    """Return a path: an order isn't paid, the sweep ends it later, and the next order is paid."""

    def steps(context: PathContext, grant: Grant) -> Generator[None, None, None]:
        order, next_one = context.new_order(), context.new_order()
        yield
        order.place()
        refusal.wait_for(context, order, grant)
        assert order.status != "PAID"
        yield
        ended = context.finish(order)
        assert order.charges() == CHARGES[ended]
        assert next_one.place().final_status() == "PAID"

    return steps


def hinted(context: PathContext, grant: Grant) -> Generator[None, None, None]:
    """Place an order without a message on the queue. Its customer doesn't notice."""
    order, next_one = context.new_order(), context.new_order()
    yield
    with context.account.hints_held():
        order.place()
        assert not _messages(context, order)
    yield
    assert context.finish(order) == "PAID"
    with context.account.hints_held():
        assert _messages(context, next_one.place())
    assert next_one.final_status() == "PAID"


def announced(refusal: Refusal) -> PathSteps:
    """Return a path: an order is paid, and announced when the permission is back."""

    def steps(context: PathContext, grant: Grant) -> Generator[None, None, None]:
        order = context.new_order()
        yield
        assert order.place().final_status() == "PAID"
        refusal.wait_for(context, order, grant)
        assert context.mailbox.about(order.user_id) == []
        yield
        assert [mail.attributes["order_id"] for mail in context.mailbox.wait_for(order.user_id, count=1)] == [order.id]

    return steps


def watched(refusal: Refusal) -> PathSteps:
    """Return a path: subscribers get no updates until the permission is back."""

    def steps(context: PathContext, grant: Grant) -> Generator[None, None, None]:
        order = context.new_order()
        with apollo(context.account.outputs, order.customer) as watching:
            begun = len(watching.wait_for(1))
            assert begun == 1, "the subscription didn't begin"
            yield
            assert order.place().final_status() == "PAID"
            refusal.wait_for(context, order, grant)
            assert len(watching.lines) == begun
            yield
            heard = [line["order"]["status"] for line in watching.wait_for(begun + 2)[begun:]]
            assert heard == ["PAYING", "PAID"]

    return steps


def kept(refusal: Refusal) -> PathSteps:
    """Return a path: an unreadable change isn't in the bucket until the permission is back."""

    def steps(context: PathContext, grant: Grant) -> Generator[None, None, None]:
        order = context.new_order()
        lose_hints([order], context.account)
        spoil(order)
        yield
        order.send_hint()
        refusal.wait_for(context, order, grant)
        assert context.announcements.given_up(order) == []
        yield
        assert len(context.announcements.wait_for_given_up(order, count=2)) == 2

    return steps


def swept(refusal: Refusal, *, hints: int | None = None) -> PathSteps:
    """Return a path: the sweep can't move on an order whose hint was lost.

    Later it sends a hint, or gives up an order that had all its hints.
    """

    def steps(context: PathContext, grant: Grant) -> Generator[None, None, None]:
        order = _due(context, hints)
        yield
        assert context.sweeper.sweep() == "SweepIncomplete"
        refusal.wait_for(context, order, grant)
        assert (order.status, order.charges()) == ("PENDING", [])
        yield
        assert context.finish(order) == ("FAILED" if hints else "PAID")

    return steps


def scheduled(refusal: Refusal) -> PathSteps:
    """Return a path: no schedule runs the sweep until the permission is back."""

    def steps(context: PathContext, grant: Grant) -> Generator[None, None, None]:
        order = _due(context, None)
        yield
        _run_by_schedule(context, "sweep")
        refusal.wait_for(context, order, grant)
        assert order.status == "PENDING"
        yield
        # Another path's sweep may have taken the first order by now.
        next_one = _due(context, None)
        _run_by_schedule(context, "sweep")
        assert next_one.final_status() == "PAID"
        # The sweep logs at its end, and must not run on into the next path.
        assert eventually(
            lambda: context.account.log_lines("sweep", "hint sent again", next_one.id), bool, within_seconds=20
        )

    return steps


def put_behind(refusal: Refusal) -> PathSteps:
    """Return a path: a change isn't stored behind an earlier delayed one of its order.

    It isn't lost: it is announced later, after the earlier one.
    """

    def steps(context: PathContext, grant: Grant) -> Generator[None, None, None]:
        order = context.new_order()
        lose_hints([order], context.account)
        age(order)
        context.announcements.delay(order)
        yield
        order.send_hint()
        refusal.wait_for(context, order, grant)
        assert not moves(context, order)
        yield
        assert eventually(lambda: moves(context, order), lambda found: len(found) == 2, within_seconds=90)
        context.announcements.try_delayed()
        assert len(context.mailbox.wait_for(order.user_id, count=1)) == 1
        assert context.announcements.delayed(order) == []

    return steps


def tried_again(refusal: Refusal) -> PathSteps:
    """Return a path: a change stays delayed when announce runs, until the permission is back."""

    def steps(context: PathContext, grant: Grant) -> Generator[None, None, None]:
        order = context.new_order()
        assert order.place().final_status() == "PAID"
        context.mailbox.wait_for(order.user_id, count=1)
        context.announcements.delay(order)
        yield
        context.announcements.try_delayed()
        refusal.wait_for(context, order, grant)
        assert len(context.announcements.delayed(order)) == 1
        yield
        context.announcements.try_delayed()
        assert context.announcements.delayed(order) == []
        assert len(context.mailbox.wait_for(order.user_id, count=2)) >= 2

    return steps


def tried_each_minute(refusal: Refusal) -> PathSteps:
    """Return a path: no schedule retries delayed changes until the permission is back."""

    def steps(context: PathContext, grant: Grant) -> Generator[None, None, None]:
        order = context.new_order()
        assert order.place().final_status() == "PAID"
        context.announcements.delay(order)
        yield
        _run_by_schedule(context, "announce")
        refusal.wait_for(context, order, grant)
        assert len(context.announcements.delayed(order)) == 1
        yield
        _run_by_schedule(context, "announce")
        assert not eventually(lambda: context.announcements.delayed(order), lambda left: not left, within_seconds=20)

    return steps


def moves(context: PathContext, order: OneOrder) -> list[str]:
    """Return the delayed statuses after PENDING. The change by `age` may be delayed too."""
    statuses = [one["dynamodb"]["NewImage"]["status"]["S"] for one in context.announcements.delayed(order)]
    return [status for status in statuses if status != "PENDING"]


def age(order: OneOrder) -> None:
    """Make the order so old that a failed change of it is delayed."""
    order.change("SET created_at = :then", {":then": {"S": "2026-01-01T00:00:00.000Z"}})


def spoil(order: OneOrder) -> None:
    """Write a row that announce can't read."""
    order.change("REMOVE quantity SET spoilt = :yes", {":yes": {"BOOL": True}})


def _messages(context: PathContext, order: OneOrder) -> list[str]:
    return [message["Body"] for message in context.account.messages("queue_url") if order.id in message["Body"]]


def _due(context: PathContext, hints: int | None) -> OneOrder:
    order = context.new_order()
    lose_hints([order], context.account)
    order.make_due(hints=hints)
    return order


def _run_by_schedule(context: PathContext, function: str) -> None:
    """Run a function by a schedule for now that is otherwise like the deployed one."""
    scheduler = context.account.client("scheduler")
    target = scheduler.get_schedule(**schedule_of(function))["Target"]
    scheduler.create_schedule(
        Name=f"now-{uuid.uuid4().hex[:8]}",
        GroupName=schedule_of(function)["GroupName"],
        ScheduleExpression=f"at({datetime.now(UTC):%Y-%m-%dT%H:%M:%S})",
        FlexibleTimeWindow={"Mode": "OFF"},
        Target=target,
        ActionAfterCompletion="DELETE",
    )
