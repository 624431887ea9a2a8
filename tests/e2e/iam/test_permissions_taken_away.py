"""Each used permission is taken away, and a path breaks. Unused permissions have a reason."""

from collections.abc import Generator, Iterable
from contextlib import ExitStack, closing

import pytest

from tests.e2e.faults.support.sweeper import ALL_HINTS, lose_hints
from tests.e2e.iam.support.grants import Roles
from tests.e2e.iam.support.order_paths import spoil
from tests.e2e.iam.support.path_context import PathContext
from tests.e2e.iam.support.unused_permissions import UNUSED
from tests.e2e.iam.support.used_permissions import BREAKS, Break, rounds

ROUNDS = rounds(BREAKS)
Walk = tuple[Break, Generator[None, None, None]]


def go_on(walks: Iterable[Walk], which_part: str) -> None:
    """Run each path up to its next yield."""
    for one, steps in walks:
        try:
            next(steps, None)
        except BaseException as failure:
            failure.add_note(f"{one.path}, {which_part} {one.grant}")
            raise


def test_each_permission_breaks_a_path_or_has_a_reason(roles: Roles) -> None:
    granted = roles.grants()

    proven = {one.grant for one in BREAKS}

    unexplained = sorted(map(str, granted - proven - set(UNUSED)))
    assert unexplained == [], (
        "break a path without them (used_permissions.py), or say why no run uses them (unused_permissions.py)"
    )
    assert sorted(map(str, (proven | set(UNUSED)) - granted)) == [], "no role has them: take them out of the lists"
    assert sorted(map(str, proven & set(UNUSED))) == []


@pytest.mark.parametrize("together", ROUNDS, ids=[f"round {number}" for number in range(1, len(ROUNDS) + 1)])
def test_a_path_breaks_without_its_permission(
    together: list[Break], roles: Roles, context: PathContext, broken: list[Break]
) -> None:
    with ExitStack() as ended:
        walks = [(one, ended.enter_context(closing(one.steps(context, one.grant)))) for one in together]
        go_on(walks, "before this goes:")

        with roles.without([one.grant for one in together]):
            go_on(walks, "without this:")

        go_on(walks, "after this came back:")
    broken += together


def test_no_path_breaks_without_what_has_a_reason(roles: Roles, context: PathContext) -> None:
    placed, lost, hopeless, spoilt = (context.new_order() for _ in range(4))
    lose_hints([lost, hopeless, spoilt], context.account)
    lost.make_due()
    hopeless.make_due(hints=ALL_HINTS)
    spoil(spoilt)

    with roles.without(UNUSED):
        placed.place()
        spoilt.send_hint()
        swept = context.sweeper.sweep()
        statuses = [order.final_status() for order in (placed, lost, hopeless)]
        mails = [len(context.mailbox.wait_for(order.user_id, count=1)) for order in (placed, lost, hopeless)]
        kept = context.announcements.wait_for_given_up(spoilt, count=2)

    assert swept == "done"
    assert statuses == ["PAID", "PAID", "FAILED"]
    assert mails == [1, 1, 1]
    assert len(kept) == 2
