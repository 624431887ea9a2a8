"""An API whose restaurants, dishes and orders have the longest names and highest prices allowed."""

import json
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Route

LONG = "Pfannkuchenmitapfelmus" * 5
NAMES = (
    "W" * 100,
    LONG[:100],
    "A dish with many words in its name, so that it takes several lines wherever it stands on this page",
    "שווארמה עם חומוס טחינה וסלט ירקות קצוץ",
    "\u202eRight to left override",
    "👩‍👩‍👧‍👦" * 9,
    "Z" + "\u0351\u0323\u0489" * 30 + "algo",
    "<b>bold</b>&amp;",
    "i",
)
DEAREST = 9_999_999
STATUSES = ("PENDING", "PAYING", "PAID", "FAILED", "CANCELLED")
RESTAURANTS = [{"id": f"restaurant-{n}-{'x' * 80}", "name": name} for n, name in enumerate(NAMES)]
AT = "2026-11-25T12:00:00.000Z"


def dishes(restaurant_id: str) -> list[dict[str, Any]]:
    """Return a menu. Every second dish is expensive, and the last one isn't available."""
    return [
        {
            "restaurantId": restaurant_id,
            "name": name,
            "unitPrice": DEAREST if n % 2 == 0 else 5,
            "currency": ("EUR", "KWD", "CHF")[n % 3],
            "available": n < len(NAMES) - 1,
        }
        for n, name in enumerate(NAMES)
    ]


def order(n: int, *, changeable_until: str | None = None) -> dict[str, Any]:
    """Return an order of a hundred pieces of one dish."""
    return {
        "id": f"01K9ZZZZZZZZZZZZZZZZZZZZ{n:02}",
        "name": NAMES[n % len(NAMES)],
        "quantity": 100,
        "restaurantId": RESTAURANTS[n % len(RESTAURANTS)]["id"],
        "unitPrice": DEAREST,
        "total": DEAREST * 100,
        "currency": ("EUR", "KWD", "CHF")[n % 3],
        "status": STATUSES[n % len(STATUSES)],
        "failureReason": "W" * 100,
        "createdAt": AT,
        "updatedAt": AT,
        "changeableUntil": changeable_until,
        "version": 1,
    }


def draft() -> str:
    """Return a basket with each dish, as the page stores it."""
    lines = [
        {
            **{name: dish[name] for name in ("restaurantId", "name", "unitPrice", "currency")},
            "id": f"01K9YYYYYYYYYYYYYYYYYYYY{n:02}",
            "quantity": 99,
            "isSent": False,
        }
        for n, dish in enumerate(dishes(RESTAURANTS[0]["id"]))
    ]
    return json.dumps({"lines": lines, "paymentMethod": "pm_card_visa", "owner": None})


def mails() -> dict[str, Any]:
    """Return the mails that the engineer's mailbox holds after such orders."""
    return {
        "mails": [
            {
                "id": str(n),
                "at": AT,
                "to": f"{'w' * 100}@example.com",
                "subject": f"Your order of 100 × {name} is paid",
                "text": f"100 × {name}\nTotal: {DEAREST * 100}",
                "attributes": {"W" * 100: "W" * 100},
            }
            for n, name in enumerate(NAMES)
        ]
    }


def answer(route: Route) -> None:
    """Answer the page's queries. Every order id exists."""
    body = json.loads(route.request.post_data or "{}")
    variables = body.get("variables", {})
    answers: dict[str, Callable[[], dict[str, Any]]] = {
        "query Restaurants": lambda: {"restaurants": RESTAURANTS},
        "query Menu": lambda: {"menu": dishes(variables["restaurantId"])},
        "query Orders": lambda: {"orders": [order(n) for n in range(20)][::-1]},
        "query Order(": lambda: {
            "order": order(int(variables["id"][-2:]), changeable_until="2099-01-01T00:00:00.000Z")
        },
    }
    for words, data in answers.items():
        if words in body.get("query", ""):
            route.fulfill(json={"data": data()})
            return
    route.continue_()
