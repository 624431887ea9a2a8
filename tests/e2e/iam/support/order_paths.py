"""Paths on which an order goes by itself: paid for, announced, swept."""

import uuid
from collections.abc import Generator
from datetime import UTC, datetime

from tests.e2e.faults.support.one_order import OneOrder
from tests.e2e.faults.support.sweeper import lose_hints, schedule_of
from tests.e2e.iam.support.grants import Grant
from tests.e2e.iam.support.path_context import Refusal, Scene, Story
from tests.e2e.support.apollo import apollo
from verify.waiting import eventually

CHARGES = {"PAID": ["approved"], "FAILED": ["voided"]}


def paid(refusal: Refusal) -> Story:
    """A placed order isn't paid, and no money is lost: sweep ends it later, and the next one is paid."""

    def story(scene: Scene, grant: Grant) -> Generator[None, None, None]:
        order, next_one = scene.new_order(), scene.new_order()
        yield
        order.place()
        refusal.wait_for(scene, order, grant)
        assert order.status != "PAID"
        yield
        ended = scene.finish(order)
        assert order.charges() == CHARGES[ended]
        assert next_one.place().final_status() == "PAID"

    return story


def hinted(scene: Scene, grant: Grant) -> Generator[None, None, None]:
    """A placed order has no message on the queue, which its customer doesn't notice; the next one has."""
    order, next_one = scene.new_order(), scene.new_order()
    yield
    with scene.account.hints_held():
        order.place()
        assert not _messages(scene, order)
    yield
    assert scene.finish(order) == "PAID"
    with scene.account.hints_held():
        assert _messages(scene, next_one.place())
    assert next_one.final_status() == "PAID"


def announced(refusal: Refusal) -> Story:
    """An order is paid and nobody is told, until the permission is back."""

    def story(scene: Scene, grant: Grant) -> Generator[None, None, None]:
        order = scene.new_order()
        yield
        assert order.place().final_status() == "PAID"
        refusal.wait_for(scene, order, grant)
        assert scene.mailbox.about(order.user_id) == []
        yield
        assert [mail.attributes["order_id"] for mail in scene.mailbox.wait_for(order.user_id, count=1)] == [order.id]

    return story


def watched(refusal: Refusal) -> Story:
    """A customer who watches the order hears nothing, until the permission is back."""

    def story(scene: Scene, grant: Grant) -> Generator[None, None, None]:
        order = scene.new_order()
        with apollo(scene.account.outputs, order.customer) as watching:
            begun = len(watching.wait_for(1))
            assert begun == 1, "the subscription didn't begin"
            yield
            assert order.place().final_status() == "PAID"
            refusal.wait_for(scene, order, grant)
            assert len(watching.lines) == begun
            yield
            heard = [line["order"]["status"] for line in watching.wait_for(begun + 2)[begun:]]
            assert heard == ["PAYING", "PAID"]

    return story


def kept(refusal: Refusal) -> Story:
    """A change that can't be read isn't kept in the bucket, until the permission is back."""

    def story(scene: Scene, grant: Grant) -> Generator[None, None, None]:
        order = scene.new_order()
        lose_hints([order], scene.account)
        spoil(order)
        yield
        order.send_hint()
        refusal.wait_for(scene, order, grant)
        assert scene.announcements.given_up(order) == []
        yield
        assert len(scene.announcements.wait_for_given_up(order, count=2)) == 2

    return story


def swept(refusal: Refusal, *, hints: int | None = None) -> Story:
    """Sweep can't move an order on whose hint was lost; later it does, or gives up an order with all its hints."""

    def story(scene: Scene, grant: Grant) -> Generator[None, None, None]:
        order = _due(scene, hints)
        yield
        assert scene.sweeper.sweep() == "SweepIncomplete"
        refusal.wait_for(scene, order, grant)
        assert (order.status, order.charges()) == ("PENDING", [])
        yield
        assert scene.finish(order) == ("FAILED" if hints else "PAID")

    return story


def scheduled(refusal: Refusal) -> Story:
    """No schedule runs sweep, until the permission is back."""

    def story(scene: Scene, grant: Grant) -> Generator[None, None, None]:
        order = _due(scene, None)
        yield
        _run_by_schedule(scene, "sweep")
        refusal.wait_for(scene, order, grant)
        assert order.status == "PENDING"
        yield
        # Another path's sweep may have taken the first one by now.
        next_one = _due(scene, None)
        _run_by_schedule(scene, "sweep")
        assert next_one.final_status() == "PAID"
        # Sweep logs at its end: it must not go on into the next path.
        assert eventually(
            lambda: scene.account.log_lines("sweep", "hint sent again", next_one.id), bool, within_seconds=20
        )

    return story


def put_behind(refusal: Refusal) -> Story:
    """A change isn't put behind one of its order that waits, and isn't lost: it comes after that, later."""

    def story(scene: Scene, grant: Grant) -> Generator[None, None, None]:
        order = scene.new_order()
        lose_hints([order], scene.account)
        age(order)
        scene.announcements.delay(order)
        yield
        order.send_hint()
        refusal.wait_for(scene, order, grant)
        assert not moves(scene, order)
        yield
        assert eventually(lambda: moves(scene, order), lambda found: len(found) == 2, within_seconds=90)
        scene.announcements.try_delayed()
        assert len(scene.mailbox.wait_for(order.user_id, count=1)) == 1
        assert scene.announcements.delayed(order) == []

    return story


def tried_again(refusal: Refusal) -> Story:
    """A change goes on waiting when announce runs, until the permission is back."""

    def story(scene: Scene, grant: Grant) -> Generator[None, None, None]:
        order = scene.new_order()
        assert order.place().final_status() == "PAID"
        scene.mailbox.wait_for(order.user_id, count=1)
        scene.announcements.delay(order)
        yield
        scene.announcements.try_delayed()
        refusal.wait_for(scene, order, grant)
        assert len(scene.announcements.delayed(order)) == 1
        yield
        scene.announcements.try_delayed()
        assert scene.announcements.delayed(order) == []
        assert len(scene.mailbox.wait_for(order.user_id, count=2)) >= 2

    return story


def tried_each_minute(refusal: Refusal) -> Story:
    """No schedule has announce try what waits, until the permission is back."""

    def story(scene: Scene, grant: Grant) -> Generator[None, None, None]:
        order = scene.new_order()
        assert order.place().final_status() == "PAID"
        scene.announcements.delay(order)
        yield
        _run_by_schedule(scene, "announce")
        refusal.wait_for(scene, order, grant)
        assert len(scene.announcements.delayed(order)) == 1
        yield
        _run_by_schedule(scene, "announce")
        assert not eventually(lambda: scene.announcements.delayed(order), lambda left: not left, within_seconds=20)

    return story


def moves(scene: Scene, order: OneOrder) -> list[str]:
    """The statuses after PENDING that wait; the change that made the order old may wait too."""
    statuses = [one["dynamodb"]["NewImage"]["status"]["S"] for one in scene.announcements.delayed(order)]
    return [status for status in statuses if status != "PENDING"]


def age(order: OneOrder) -> None:
    """Make the order one that is old enough for a change of it to wait."""
    order.change("SET created_at = :then", {":then": {"S": "2026-01-01T00:00:00.000Z"}})


def spoil(order: OneOrder) -> None:
    """Make the row one that announce can't read."""
    order.change("REMOVE quantity SET spoilt = :yes", {":yes": {"BOOL": True}})


def _messages(scene: Scene, order: OneOrder) -> list[str]:
    return [message["Body"] for message in scene.account.messages("queue_url") if order.id in message["Body"]]


def _due(scene: Scene, hints: int | None) -> OneOrder:
    order = scene.new_order()
    lose_hints([order], scene.account)
    order.make_due(hints=hints)
    return order


def _run_by_schedule(scene: Scene, function: str) -> None:
    """Make a schedule for now that is like the deployed one, which comes each minute."""
    scheduler = scene.account.client("scheduler")
    target = scheduler.get_schedule(**schedule_of(function))["Target"]
    scheduler.create_schedule(
        Name=f"now-{uuid.uuid4().hex[:8]}",
        GroupName=schedule_of(function)["GroupName"],
        ScheduleExpression=f"at({datetime.now(UTC):%Y-%m-%dT%H:%M:%S})",
        FlexibleTimeWindow={"Mode": "OFF"},
        Target=target,
        ActionAfterCompletion="DELETE",
    )
