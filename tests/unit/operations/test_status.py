"""The status shows at a glance whether something is wrong with an environment."""

from datetime import UTC, datetime
from typing import Any

import pytest

from deployment.colours import TonedText
from environments.names import ALARMS, ORDERS_ARE_NOT_FLOWING, Names
from environments.settings import settings_of
from operations import dead_letters, orders, timestamps
from operations.commands.status import status_rows
from operations.environment import Environment
from operations.orders import OpenOrder

NAMES = Names(environment="dev", account_id="111111111111", region="eu-central-1")


class Services:
    """DynamoDB, S3, SNS and CloudWatch with so many delayed changes and undelivered batches.

    The first alarm has the given state. If anything is undelivered, a subscriber is gone.
    """

    def __init__(self, undelivered: int, alarm: str) -> None:
        self._undelivered, self._alarm = undelivered, alarm

    def list_objects_v2(self, **_: object) -> dict[str, Any]:
        return {"KeyCount": self._undelivered}

    def scan(self, *, TableName: str, Select: str) -> dict[str, Any]:  # noqa: N803  # boto3's names
        """Answer as AWS does: a call reads one page, and the last key leads to the next."""
        assert (TableName, Select) == ("orders-dev-delayed", "COUNT")
        return {"Count": self._undelivered, **({"LastEvaluatedKey": {}} if self._undelivered else {})}

    def get_paginator(self, _: str) -> "Services":
        return self

    def paginate(self, *, TopicArn: str) -> list[dict[str, Any]]:  # noqa: N803  # boto3's name
        if TopicArn.endswith("-ops"):
            return []
        arn = "Deleted" if self._undelivered else "arn:aws:sns:cook"
        return [{"Subscriptions": [{"Endpoint": "cook@example.com", "Protocol": "email", "SubscriptionArn": arn}]}]

    def describe_alarms(self, *, AlarmNames: list[str], AlarmTypes: list[str], MaxRecords: int) -> dict[str, Any]:  # noqa: N803  # boto3's names
        """Answer as AWS does: at most 50 alarms by default, and composite ones only on request."""
        assert len(AlarmNames) <= MaxRecords <= 100
        states = {NAMES.name(noun): "OK" for noun in ALARMS} | {NAMES.name(ALARMS[0]): self._alarm}
        changed = datetime(2026, 1, 1, 12, 30, tzinfo=UTC)
        composite = NAMES.name(ORDERS_ARE_NOT_FLOWING)
        found: dict[str, list[dict[str, Any]]] = {"MetricAlarms": [], "CompositeAlarms": []}
        for name, state in states.items():
            kind = "CompositeAlarm" if name == composite else "MetricAlarm"
            if kind in AlarmTypes:
                found[f"{kind}s"].append({"AlarmName": name, "StateValue": state, "StateUpdatedTimestamp": changed})
        return found


def told(monkeypatch: pytest.MonkeyPatch, *, count: int, late_milliseconds: int, alarm: str) -> dict[str, str]:
    due = timestamps.now() - late_milliseconds
    depths = {"waiting": count, "at work": 0, "delayed": 0}
    monkeypatch.setattr(dead_letters, "count_messages", lambda *_: depths)
    monkeypatch.setattr(orders, "open_orders", lambda _: iter([OpenOrder(user_id="u", order_id="o", due_at=due)]))
    environment = Environment(names=NAMES, client=lambda _: Services(count, alarm))
    return dict(status_rows(environment, settings_of("dev")))


def test_what_is_wrong_is_bad_and_names_what_says_more(monkeypatch: pytest.MonkeyPatch) -> None:
    found = told(monkeypatch, count=2, late_milliseconds=5 * timestamps.MINUTE, alarm="ALARM")

    bad = {name: value for name, value in found.items() if isinstance(value, TonedText) and value.tone == "bad"}
    assert bad == {
        "dead letters": "2   → dead-letters list",
        "delayed": "2+   tried again each minute",
        "undelivered": "2   → undelivered list",
        "open orders": "1, the longest due for 5 min   → order open",
        "subscribers": "1 by e-mail, cook@example.com is gone   → subscribers list",
        "alarm orders-are-not-flowing": "since 2026-01-01 12:30 UTC   → docs/runbooks/orders-are-not-flowing.md",
    }
    assert found["alarms"] == f"1 of {len(ALARMS)} in ALARM"
    assert found["dashboard"].endswith("#dashboards/dashboard/orders-dev-dashboard")


def test_where_nothing_is_wrong_nothing_has_a_tone(monkeypatch: pytest.MonkeyPatch) -> None:
    found = told(monkeypatch, count=0, late_milliseconds=-1000, alarm="OK")

    assert [name for name, value in found.items() if isinstance(value, TonedText)] == []
    assert (found["dead letters"], found["delayed"], found["open orders"]) == ("0", "0", "1")
    assert found["alarms"] == f"0 of {len(ALARMS)} in ALARM"
