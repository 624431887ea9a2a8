"""Who waits for what: brings each publication to the subscribers whose filter it meets."""

import json
import logging
from collections.abc import Mapping
from functools import cached_property, partial
from typing import Any

from emulator.appsync.errors import RequestRefused
from emulator.appsync.execution import Executor
from emulator.appsync.limits import PUBLICATION_CHARACTERS_MAX
from emulator.appsync.operation import NotValid
from emulator.appsync.realtime.filters import matches
from emulator.appsync.realtime.subscriptions import Subscription, payload

_log = logging.getLogger("emulator.appsync")


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
        """Tell the subscribers of a mutation what it selected; nobody hears of more than AppSync takes."""
        publication = _Publication(executor, value)
        if publication.characters > PUBLICATION_CHARACTERS_MAX:
            _log.error("%s publishes %d characters: nobody hears of it", mutation, publication.characters)
            return
        for field_name in executor.subscribed.get(mutation, ()):
            for subscription in list(self._waiting.get((executor.deployment.api_id, field_name), ())):
                if matches(subscription.wanted, value):
                    subscription.tell(partial(publication.payload, subscription), publication.characters)


class _Publication:
    """What a mutation selected. Each connection makes what it sends, so that who asks for much holds up itself only."""

    def __init__(self, executor: Executor, value: Mapping[str, Any]) -> None:
        self._executor = executor
        self._value = value
        self._told: dict[tuple[object, ...], str] = {}

    @cached_property
    def characters(self) -> int:
        """The size of what was selected, for whoever lets it wait."""
        return len(json.dumps(self._value))

    async def payload(self, subscription: Subscription) -> str | None:
        """Return what a subscriber hears, one text for all who hear the same; None for a subscription that ends."""
        try:
            if subscription.likeness not in self._told:
                self._told[subscription.likeness] = await payload(self._executor, subscription, self._value)
            return self._told[subscription.likeness]
        except RequestRefused as refused:
            subscription.end(refused.body()["errors"])
        except NotValid as invalid:  # the schema has changed since it subscribed
            subscription.end(invalid.errors)
        except Exception:  # one subscriber's trouble is neither the publisher's nor the others'
            _log.exception("%s can't be told", subscription.field_name)
        return None
