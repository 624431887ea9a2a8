"""Who waits for what: brings each publication to the subscribers whose filter it meets."""

import logging
from collections.abc import Mapping
from typing import Any

from local.appsync.errors import RequestRefused
from local.appsync.execution import Executor
from local.appsync.operation import NotValid
from local.appsync.realtime.filters import matches
from local.appsync.realtime.subscriptions import Subscription, payload

_log = logging.getLogger("local.appsync")


class Hub:
    """The subscriptions of all APIs. It never waits: a subscriber's outbox takes a message or closes."""

    def __init__(self) -> None:
        self._waiting: dict[tuple[str, str], dict[Subscription, None]] = {}

    def add(self, subscription: Subscription) -> None:
        """Let a subscription hear of what is published from now on."""
        self._waiting.setdefault((subscription.api_id, subscription.field_name), {})[subscription] = None

    def remove(self, subscription: Subscription) -> None:
        """Let it hear no more; nothing happens when it is gone already."""
        place = (subscription.api_id, subscription.field_name)
        found = self._waiting.get(place, {})
        found.pop(subscription, None)
        if not found:
            self._waiting.pop(place, None)

    def publish(self, executor: Executor, mutation: str, value: Mapping[str, Any]) -> None:
        """Tell the subscribers of a mutation what it selected; those who hear the same share one text."""
        told: dict[tuple[object, ...], str] = {}
        for field_name in executor.subscribed.get(mutation, ()):
            for subscription in list(self._waiting.get((executor.deployment.api_id, field_name), ())):
                if matches(subscription.wanted, value):
                    self._tell(executor, subscription, value, told)

    def _tell(
        self,
        executor: Executor,
        subscription: Subscription,
        value: Mapping[str, Any],
        told: dict[tuple[object, ...], str],
    ) -> None:
        try:
            if subscription.likeness not in told:
                told[subscription.likeness] = payload(executor, subscription, value)
            subscription.tell(told[subscription.likeness])
        except RequestRefused as refused:
            subscription.end(refused.body()["errors"])
        except NotValid as invalid:  # the schema has changed since it subscribed
            subscription.end(invalid.errors)
        except Exception:  # one subscriber's trouble is neither the publisher's nor the others'
            _log.exception("%s can't be told", subscription.field_name)
