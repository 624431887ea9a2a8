"""Numbers of the orders' flow that more than one part goes by; resolvers are rendered with them."""

# An order's statuses: those in which something is still to come, and those in which nothing is.
OPEN_STATUSES = ("PENDING", "PAYING")
FINAL_STATUSES = ("PAID", "FAILED", "CANCELLED")
# How long after its change window an order may stay PENDING before sweep sends its hint again.
GRACE_SECONDS = 30
# The least time between two hints of sweep for the same order. The function restates it, because it imports nothing of
# ours; a test compares the two.
HINT_PAUSE_SECONDS = 60
# One hint a minute: a backlog or an outage of half an hour makes good orders late and fails none.
MOST_HINTS = 30
# How many parts the index of open orders has, so that no part gets all the writes.
OPEN_ORDERS_SHARDS = 8
# The key under which the menu table lists the restaurants.
RESTAURANTS_KEY = "#restaurants"
# The card of an order that names none.
DEFAULT_PAYMENT_METHOD = "pm_card_visa"
# What each function has.
FUNCTION_MEMORY_MB = 512
# Who may move the money: the adapters of the functions' port PaymentGateway.
PAYMENT_GATEWAYS = ("simulated",)


def announced_changes(*, live_updates: bool, change_window_seconds: int) -> dict[str, object]:
    """Return the pattern of the changes of an order's row that are news; any other would cost an invocation.

    A status that this release doesn't know passes, and is kept for a release that does.
    """
    if not live_updates:
        ended = {"status": {"S": [{"anything-but": list(OPEN_STATUSES)}]}}
        return {"eventName": ["MODIFY"], "dynamodb": {"NewImage": ended}}
    # A new order is news where it can be changed.
    return {"eventName": ["INSERT", "MODIFY"] if change_window_seconds > 0 else ["MODIFY"]}
