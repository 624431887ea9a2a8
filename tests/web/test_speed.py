"""Time from a status in the table to the pixel."""

import statistics
from datetime import datetime

from local.sign_in import sign_in
from tests.e2e.support.administrator_access import AdministratorAccess
from tests.e2e.support.order_requests import PIZZA
from tests.web.support.app_users import Customer

ORDERS = 25
ROUNDS = 3
P95_MILLISECONDS = 1000
# When each status of each order was first shown, on the same clock as the row's updatedAt.
WATCH = """() => {
  const shown = (window.shown = {});
  const look = () => {
    for (const row of document.querySelectorAll('[data-order]')) {
      const status = row.querySelector('[data-status]')?.dataset.status;
      shown[row.dataset.order + ' ' + status] ??= performance.timeOrigin + performance.now();
    }
  };
  new MutationObserver(() => requestAnimationFrame(look)).observe(document.body, {
    subtree: true, childList: true, attributes: true, characterData: true });
}"""


def test_a_change_of_status_is_on_the_screen_within_a_second(customer: Customer, account: AdministratorAccess) -> None:
    page = customer.page
    customer.is_live()
    customer.listed()
    page.evaluate(WATCH)

    # A busy machine slows a round down, and none makes it faster than the page is.
    rounds: list[float] = []
    while len(rounds) < ROUNDS and (not rounds or rounds[-1] >= P95_MILLISECONDS):
        rounds.append(p95_of_a_round(customer, account))

    assert min(rounds) < P95_MILLISECONDS, rounds


def p95_of_a_round(customer: Customer, account: AdministratorAccess) -> float:
    """Return the 95th percentile of the time from PAID in the row to PAID on the screen, in ms."""
    with sign_in(account.outputs, **customer.user) as elsewhere:
        ids = [elsewhere.post_order(**PIZZA)["id"] for _ in range(ORDERS)]
    page = customer.page
    page.wait_for_function("ids => ids.every((id) => window.shown[id + ' PAID'])", arg=ids, timeout=30_000)
    shown: dict[str, float] = page.evaluate("() => window.shown")
    rows = {row["id"]["S"]: row for row in account.rows("orders", customer.user_id)}
    took = [shown[f"{order_id} PAID"] - milliseconds(rows[order_id]["updated_at"]["S"]) for order_id in ids]
    p95 = statistics.quantiles(took, n=20)[-1]
    print(f"status change to pixel: median {statistics.median(took):.0f} ms, p95 {p95:.0f} ms over {ORDERS} orders")
    return p95


def milliseconds(moment: str) -> float:
    """Return a row's time in milliseconds since the epoch."""
    return datetime.fromisoformat(moment).timestamp() * 1000
