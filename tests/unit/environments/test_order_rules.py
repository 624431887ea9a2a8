"""Numbers and names that must be repeated in another language."""

import re

from orders.domain import order

from deployment.repository_paths import ROOT
from environments.order_rules import DEFAULT_PAYMENT_METHOD, FINAL_STATUSES, OPEN_STATUSES

DRAFT = ROOT / "web" / "src" / "orders" / "draft.ts"


def test_the_page_begins_with_the_card_of_an_order_that_names_none() -> None:
    first = re.findall(r"FIRST_CARD = '(\w+)'", DRAFT.read_text(encoding="utf-8"))

    assert first == [DEFAULT_PAYMENT_METHOD]


def test_the_statuses_are_those_of_the_functions() -> None:
    assert set(OPEN_STATUSES) == order.OPEN_STATUSES
    assert set(FINAL_STATUSES) == order.FINAL_STATUSES
