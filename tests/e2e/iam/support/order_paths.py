"""Paths on which an order goes by itself: paid for, announced, swept."""

import uuid
from collections.abc import Generator
from datetime import UTC, datetime

from tests.e2e.faults.support.one_order import OneOrder
from tests.e2e.faults.support.sweeper import lose_hints, schedule_of
from tests.e2e.iam.support.grants import Grant
from tests.e2e.iam.support.path_context import PathContext, PathSteps, Refusal
from tests.e2e.support.apollo import apollo
from verify.waiting import eventually

CHARGES = {"PAID": ["approved"], "FAILED": ["voided"]}


def paid(refusal: Refusal) -> PathSteps:
    """A placed order isn't paid, and no money is lost: sweep ends it later, and the next one is paid."""

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
    """A placed order has no message on the queue, which its customer doesn't notice; the next one has."""
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
    """An order is paid and nobody is told, until the permission is back."""

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
    """A customer who watches the order hears nothing, until the permission is back."""

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
    """A change that can't be read isn't kept in the bucket, until the permission is back."""

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
    """Sweep can't move an order on whose hint was lost; later it does, or gives up an order with all its hints."""

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
    """No schedule runs sweep, until the permission is back."""

    def steps(context: PathContext, grant: Grant) -> Generator[None, None, None]:
        order = _due(context, None)
        yield
        _run_by_schedule(context, "sweep")
        refusal.wait_for(context, order, grant)
        assert order.status == "PENDING"
        yield
        # Another path's sweep may have taken the first one by now.
        next_one = _due(context, None)
        _run_by_schedule(context, "sweep")
        assert next_one.final_status() == "PAID"
        # Sweep logs at its end: it must not go on into the next path.
        assert eventually(
            lambda: context.account.log_lines("sweep", "hint sent again", next_one.id), bool, within_seconds=20
        )

    return steps


def put_behind(refusal: Refusal) -> PathSteps:
    """A change isn't put behind one of its order that waits, and isn't lost: it comes after that, later."""

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
    """A change goes on waiting when announce runs, until the permission is back."""

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
    """No schedule has announce try what waits, until the permission is back."""

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
    """The statuses after PENDING that wait; the change that made the order old may wait too."""
    statuses = [one["dynamodb"]["NewImage"]["status"]["S"] for one in context.announcements.delayed(order)]
    return [status for status in statuses if status != "PENDING"]


def age(order: OneOrder) -> None:
    """Make the order one that is old enough for a change of it to wait."""
    order.change("SET created_at = :then", {":then": {"S": "2026-01-01T00:00:00.000Z"}})


def spoil(order: OneOrder) -> None:
    """Make the row one that announce can't read."""
    order.change("REMOVE quantity SET spoilt = :yes", {":yes": {"BOOL": True}})


def _messages(context: PathContext, order: OneOrder) -> list[str]:
    return [message["Body"] for message in context.account.messages("queue_url") if order.id in message["Body"]]


def _due(context: PathContext, hints: int | None) -> OneOrder:
    order = context.new_order()
    lose_hints([order], context.account)
    order.make_due(hints=hints)
    return order


def _run_by_schedule(context: PathContext, function: str) -> None:
    """Make a schedule for now that is like the deployed one, which comes each minute."""
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
