"""Delivers each publication to the subscriptions whose filter it matches."""

import json
import logging
from collections.abc import Mapping
from functools import cached_property, partial
from typing import Any

from emulator.appsync.errors import RequestRefused
from emulator.appsync.execution import Executor
from emulator.appsync.operation import NotValid
from emulator.appsync.realtime.filters import matches
from emulator.appsync.realtime.subscriptions import Subscription, payload
from emulator.appsync.request_limits import PUBLICATION_CHARACTERS_MAX

_log = logging.getLogger("emulator.appsync")


class Hub:
    """The subscriptions of all APIs. It never blocks: an outbox takes a message, or closes."""

    def __init__(self) -> None:
        self._waiting: dict[tuple[str, str], dict[Subscription, None]] = {}

    def add(self, subscription: Subscription) -> None:
        """Let a subscription receive all publications from now on."""
        self._waiting.setdefault((subscription.api_id, subscription.field_name), {})[subscription] = None

    def remove(self, subscription: Subscription) -> None:
        """Remove a subscription; do nothing if it is removed already."""
        place = (subscription.api_id, subscription.field_name)
        found = self._waiting.get(place, {})
        found.pop(subscription, None)
        if not found:
            self._waiting.pop(place, None)

    def publish(self, executor: Executor, mutation: str, value: Mapping[str, Any]) -> None:
        """Send subscribers the fields that a mutation selected, up to AppSync's limit."""
        publication = _Publication(executor, value)
        if publication.characters > PUBLICATION_CHARACTERS_MAX:
            _log.error("%s publishes %d characters: nobody hears of it", mutation, publication.characters)
            return
        for field_name in executor.subscribed.get(mutation, ()):
            for subscription in list(self._waiting.get((executor.deployment.api_id, field_name), ())):
                if matches(subscription.wanted, value, subscription.enhanced):
                    subscription.tell(partial(publication.payload, subscription), publication.characters)


class _Publication:
    """The fields that a mutation selected.

    Each connection makes its own payload, so a subscriber with a large selection delays only
    itself.
    """

    def __init__(self, executor: Executor, value: Mapping[str, Any]) -> None:
        self._executor = executor
        self._value = value
        self._told: dict[tuple[object, ...], str] = {}

    @cached_property
    def characters(self) -> int:
        """The size of the selected fields, for limits of waiting messages."""
        return len(json.dumps(self._value))

    async def payload(self, subscription: Subscription) -> str | None:
        """Return a subscriber's payload, one text for all with the same likeness.

        Return None for a subscription that ends.
        """
        try:
            if subscription.likeness not in self._told:
                self._told[subscription.likeness] = await payload(self._executor, subscription, self._value)
            return self._told[subscription.likeness]
        except RequestRefused as refused:
            subscription.end(refused.body()["errors"])
        except NotValid as invalid:  # the schema has changed since the subscription started
            subscription.end(invalid.errors)
        except Exception:  # a fault in one subscription must not reach the publisher or the others
            _log.exception("%s can't be told", subscription.field_name)
        return None
