"""News of orders for subscribers, and announcements for people."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from orders.domain.announcement import announcement_of
from orders.domain.order import OrderKey
from orders.domain.row import InvalidRow, UnknownStatus, order_from_row
from orders.domain.text import is_unsafe_to_show, one_line
from orders.use_cases.announce import announce

from tests.support.fakes import FakeAnnouncements, FakeSubscribers
from tests.support.order_rows import KEY, order_row

PENDING = order_row()
PAYING = order_row(status="PAYING", version=2)
UNTIL = "2026-01-01T00:00:30.000Z"
CHANGEABLE = order_row(changeable_until=UNTIL)
CHANGED = order_row(changeable_until=UNTIL, quantity=3, version=2)


class Audience:
    def __init__(self) -> None:
        self.subscribers = FakeSubscribers()
        self.announcements = FakeAnnouncements()

    def hear(self, old: dict[str, Any] | None, new: dict[str, Any] | None) -> None:
        announce(old, new, subscribers=self.subscribers, announcements=self.announcements)


@pytest.fixture
def audience() -> Audience:
    return Audience()


def test_subscribers_see_an_order_being_paid_and_nobody_is_mailed(audience: Audience) -> None:
    audience.hear(PENDING, PAYING)

    assert [order.status for order in audience.subscribers.seen] == ["PAYING"]
    assert audience.announcements.published == []


@pytest.mark.parametrize(("old", "status"), [(PAYING, "PAID"), (PAYING, "FAILED"), (PENDING, "CANCELLED")])
def test_a_final_status_is_seen_and_mailed(audience: Audience, old: dict[str, Any], status: str) -> None:
    audience.hear(old, order_row(status=status, version=3))

    assert [order.status for order in audience.subscribers.seen] == [status]
    assert [message.order.status for message in audience.announcements.published] == [status]


@pytest.mark.parametrize(("old", "new"), [(None, CHANGEABLE), (CHANGEABLE, CHANGED)], ids=["placed", "changed"])
def test_subscribers_see_an_order_that_can_be_changed_and_nobody_is_mailed(
    audience: Audience, old: dict[str, Any] | None, new: dict[str, Any]
) -> None:
    audience.hear(old, new)

    seen = [(order.status, order.version, order.changeable_until) for order in audience.subscribers.seen]
    assert seen == [("PENDING", new["version"], UNTIL)]
    assert audience.announcements.published == []


def test_an_order_past_pending_can_be_changed_no_more() -> None:
    assert order_from_row(CHANGEABLE | {"status": "PAYING"}).changeable_until is None


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (None, PENDING),
        (PENDING, None),
        (PENDING, order_row(quantity=3, version=2)),
        (PAYING, order_row(status="PAYING", version=3, lease_owner="another execution")),
        (PENDING, order_row(hints=1)),
        (CHANGEABLE, CHANGEABLE | {"hints": 1}),
        (CHANGEABLE, None),
        (None, order_row(changeable_until=None)),
        (order_row(status="EATEN"), order_row(status="EATEN", total="broken")),
    ],
    ids=[
        *("insert", "delete", "update of content", "lease taken over", "hint"),
        *("hint where it can be changed", "delete where it can be changed", "insert of an old release"),
        "unknown status, unchanged",
    ],
)
def test_what_is_no_news_is_not_announced(audience: Audience, old: Any, new: Any) -> None:
    audience.hear(old, new)

    assert audience.subscribers.seen == []
    assert audience.announcements.published == []


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"status": "EATEN"}, UnknownStatus),
        ({"status": "PAYING", "total": "a lot"}, InvalidRow),
        ({"status": "PAYING", "total": 2**31}, InvalidRow),
        ({"status": "PAYING", "created_at": "yesterday"}, InvalidRow),
        ({"status": "PAYING", "updated_at": "2026-01-01T00:00:00"}, InvalidRow),
        ({"status": "PAYING", "created_at": "0001-01-01T00:00:00+23:59"}, InvalidRow),
        ({"status": "PAYING", "updated_at": "9999-12-31T23:59:59-23:59"}, InvalidRow),
        ({"status": "PAYING", "created_at": "2026-01-01 00:00:00+00:00"}, InvalidRow),
        ({"status": "PAYING", "created_at": "20260101T000000Z"}, InvalidRow),
        ({"status": "PAYING", "created_at": "2026-W01-1T00:00Z"}, InvalidRow),
        ({"status": "PAYING", "name": "\U0001f355" * 513}, InvalidRow),
        ({"status": "PAYING", "restaurant_id": "r" * 2049}, InvalidRow),
        ({"status": "PAYING", "currency": "E" * 2049}, InvalidRow),
        ({"status": "FAILED", "failure_reason": "x" * 2049}, InvalidRow),
        ({"version": 2, "changeable_until": "soon"}, InvalidRow),
        ({"version": 2, "changeable_until": 7}, InvalidRow),
        ({"status": "PAYING", "name": "half a \ud83c"}, InvalidRow),
        ({"status": "PAYING", "restaurant_id": ""}, InvalidRow),
    ],
)
def test_a_row_that_cannot_be_read_or_said_is_not_announced(
    audience: Audience, wrong: dict[str, Any], error: type[InvalidRow]
) -> None:
    with pytest.raises(InvalidRow) as raised:
        audience.hear(PENDING, order_row(**wrong))

    assert raised.type is error

    assert audience.subscribers.seen == []


@pytest.mark.parametrize(
    "created_at",
    [
        "2026-01-01T00:00Z",
        "2026-01-01T00:00:00Z",
        "2026-01-01T00:00:00+01:00",
        "2026-01-01T00:00:00.123456789-05:30:15",
    ],
)
def test_every_time_of_the_api_is_announced(audience: Audience, created_at: str) -> None:
    audience.hear(PENDING, order_row(status="PAYING", created_at=created_at, name="n" * 2048))

    assert [order.created_at for order in audience.subscribers.seen] == [created_at]


def test_a_repeated_announcement_is_equal() -> None:
    order = order_from_row(order_row(status="PAID", version=3))

    assert announcement_of(order) == announcement_of(order)


def test_two_customers_who_chose_the_same_order_id_have_announcements_of_their_own() -> None:
    keys = [replace(KEY, user_id=user_id) for user_id in ("anna", "ben")]

    ids = [announcement_of(order_from_row(order_row(key, status="PAID", version=3))).id for key in keys]

    assert ids == [f"anna/{KEY.order_id}/3", f"ben/{KEY.order_id}/3"]


PLACED = "2 x Margherita\nFrom:   Trattoria Roma\nTotal:  17.00 EUR (8.50 EUR each)\nPlaced: 1 January 2026, 00:00 UTC"


@pytest.mark.parametrize(
    ("changes", "subject", "text"),
    [
        (
            {"status": "PAID"},
            "Order paid: 2 x Margherita",
            "Thank you! Your order is paid, and the restaurant is preparing it.",
        ),
        (
            {"status": "FAILED", "failure_reason": "CARD_DECLINED"},
            "Payment failed: 2 x Margherita",
            "Your order is not being prepared: the payment failed, and you have not been charged.\n\nWhat you can do: "
            "Your card was declined. Place the order again with another card, or ask your bank why.",
        ),
        (
            {"status": "CANCELLED"},
            "Order cancelled: 2 x Margherita",
            "Your order is cancelled, as you asked. You have not been charged.",
        ),
    ],
)
def test_the_message_says_what_happened_what_to_do_and_which_order_it_is(
    changes: dict[str, Any], subject: str, text: str
) -> None:
    message = announcement_of(order_from_row(order_row(**changes, version=3)))

    assert message.subject == subject
    assert message.text == f"{text}\n\n{PLACED}\n\nAnnouncement {message.id}\nOrder {KEY.order_id}"


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"quantity": 1, "total": 850}, "Total:  8.50 EUR"),
        ({"currency": "JPY"}, "Total:  1700 JPY (850 JPY each)"),
        ({"currency": "KWD"}, "Total:  1.700 KWD (0.850 KWD each)"),
        ({"restaurant_id": "pizzeria-da-mario-2"}, "From:   Pizzeria Da Mario 2"),
        ({"restaurant_id": "Chez Léa - Paris"}, "From:   Chez Léa - Paris"),
        ({"restaurant_id": "sakura"}, "From:   Sakura"),
        ({"restaurant_id": "r1"}, "From:   r1"),
        ({"created_at": "2026-11-09T18:05:59.999+01:00"}, "Placed: 9 November 2026, 17:05 UTC"),
        ({"created_at": "yesterday"}, "Placed: yesterday"),
    ],
)
def test_money_place_and_time_are_written_for_people(changes: dict[str, Any], line: str) -> None:
    message = announcement_of(order_from_row(order_row(status="PAID", **changes)))

    assert line in message.text.splitlines()


@pytest.mark.parametrize(
    ("reason", "advice"),
    [
        ("CARD_DECLINED", "another card"),
        ("INSUFFICIENT_FUNDS", "enough funds"),
        ("PAYMENT_UNAVAILABLE", "again later"),
        ("UNKNOWN_PAYMENT_METHOD", "isn't known"),
        ("SOMETHING_NEW", "another payment method"),
        (None, "another payment method"),
    ],
)
def test_a_failed_payment_comes_with_advice(reason: str | None, advice: str) -> None:
    message = announcement_of(order_from_row(order_row(status="FAILED", failure_reason=reason, version=3)))

    assert "you have not been charged" in message.text
    assert advice in message.text


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Crème brûlée\n", "Creme brulee"),
        ("Smørrebrød", "Smorrebrod"),
        ("Weißwurst – mit Senf", "Weisswurst - mit Senf"),
        ("M & M’s 🍬", "M & M's"),
    ],
)
def test_the_subject_says_a_name_in_ascii(name: str, said: str) -> None:
    message = announcement_of(order_from_row(order_row(status="PAID", name=name)))

    assert message.subject == f"Order paid: 2 x {said}"


@pytest.mark.parametrize("name", ["寿司", "寿司 2", "Pizza Ж", "🍕", "=?utf-8?q?a=0D=0A?=", "1 ＝？utf-8?b?4oCu?="])
def test_the_subject_names_the_order_when_the_dish_has_no_name_that_stays_as_it_is(name: str) -> None:
    message = announcement_of(order_from_row(order_row(status="PAID", name=name)))

    assert message.subject == f"Order paid: {KEY.order_id}"
    assert f"2 x {name}" in message.text.splitlines()


@given(st.text(max_size=300))
@example("Margherita " * 20)
def test_any_name_makes_a_subject_that_sns_takes(name: str) -> None:
    subject = announcement_of(order_from_row(order_row(status="CANCELLED", name=name))).subject

    assert subject.isascii()
    assert subject.isprintable()
    assert len(subject) < 100
    assert subject == subject.strip()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("\x1b[31mMargherita\x1b[0m", "[31mMargherita [0m"),
        ("Margherita\r\nBcc: all@example.com", "Margherita  Bcc: all@example.com"),
        ("a\u2028b\u2029c\x85d\te\x00f\x7fg", "a b c d e f g"),
        ("Pizza \u202eatad\u202c", "Pizza  atad"),
        ("\u2066a\u2069\ufeffb\U000e0041c", "a  b c"),
        ("half \ud83c of it\ufffe", "half   of it"),
        ("👩\u200d🍳 寿司", "👩\u200d🍳 寿司"),
    ],
)
def test_what_would_direct_a_mail_reader_is_a_space(text: str, said: str) -> None:
    assert one_line(text) == said


# Texts that nobody may order today, but a row may have. It can't have half a character: such a row
# isn't announced.
ANY_TEXT = st.text(max_size=120)


@given(name=ANY_TEXT, restaurant=ANY_TEXT, user_id=ANY_TEXT, order_id=ANY_TEXT)
@example(name="\r\nBcc: x\x1b[2J", restaurant="\x0b\u2028Total: 0", user_id="\u202e", order_id="\n\nOrder paid\x00")
@example(name="\x1b", restaurant="\x1b", user_id="\x1b", order_id="\u202e")
def test_nothing_in_a_row_adds_a_line_or_hides_in_a_mail(
    name: str, restaurant: str, user_id: str, order_id: str
) -> None:
    key = OrderKey(user_id, order_id)
    row = order_row(key, status="FAILED", name=name, restaurant_id=restaurant, failure_reason=name, currency=name)

    message = announcement_of(order_from_row(row))

    lines = message.text.split("\n")
    assert not [line for line in lines if any(is_unsafe_to_show(character) for character in line)]
    labels = [line.split(" ")[0] for line in lines]
    assert labels == ["Your", "", "What", "", "2", "From:", "Total:", "Placed:", "", "Announcement", "Order"]
    assert message.subject.isascii()
    assert message.subject.isprintable()
    assert 0 < len(message.subject) < 100
    assert message.subject == message.subject.strip()
