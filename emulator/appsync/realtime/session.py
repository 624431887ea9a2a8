"""The messages of one client on one connection, and the answers."""

import asyncio
import logging
import math
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from emulator.appsync import graphql_request
from emulator.appsync.auth.callers import Caller
from emulator.appsync.auth.web_tokens import unauthorized
from emulator.appsync.errors import RequestRefused, internal_failure
from emulator.appsync.executor_cache import ExecutorCache
from emulator.appsync.operation import NotValid
from emulator.appsync.realtime import protocol, subscriptions
from emulator.appsync.realtime.connection import Connection
from emulator.appsync.realtime.hub import Hub
from emulator.appsync.realtime.realtime_authentication import RealtimeAuthentication
from emulator.appsync.realtime.subscriptions import MakePayload, Subscription, SubscriptionRefused
from emulator.asgi import Receive
from emulator.billable_usage import bill

_log = logging.getLogger("emulator.appsync")
SUBSCRIPTIONS_MAX = 200  # AppSync's quota for a connection
_RESOLVER_SECONDS = 30.0  # AppSync's limit
_UPDATE_BYTES = 5 * 1024  # AppSync bills a message in units of 5 kB
Cancel = Callable[[], None]


class Session:
    """The subscriptions of one connection to one API."""

    def __init__(
        self,
        api_id: str,
        connection: Connection,
        *,
        executors: ExecutorCache,
        authentication: RealtimeAuthentication,
        hub: Hub,
        source_ip: str,
        unheard_seconds: Callable[[], float],
    ) -> None:
        self.begun = False
        self._api_id = api_id
        self._connection = connection
        self._executors = executors
        self._authentication = authentication
        self._hub = hub
        self._source_ip = source_ip
        self._unheard_seconds = unheard_seconds
        self._subscriptions: dict[str, tuple[Subscription, Cancel]] = {}

    async def read(self, receive: Receive) -> None:
        """Answer messages until the client is gone."""
        while True:
            event = await receive()
            if event["type"] == "websocket.disconnect":
                return
            if event["type"] != "websocket.receive":
                continue
            try:
                message = protocol.read(event.get("text"))
            except protocol.NotUnderstood as failure:
                refusal = {"errorType": "UnsupportedOperation", "message": str(failure)}
                self._connection.put(protocol.error(failure.id, [refusal]))
                continue
            if isinstance(message, protocol.Start):
                await self._start(message)
            elif isinstance(message, protocol.Stop):
                self._forget(message.id)
                self._connection.put(protocol.complete(message.id))
            else:
                bill.add("appsync", "real-time updates", "connection")
                self._connection.put(protocol.CONNECTION_ACK)
                self._connection.put(protocol.KEEP_ALIVE)
                self.begun = True

    def keep_alive(self) -> None:
        """Send a keep-alive frame once the session has begun."""
        if self.begun:
            self._connection.put(protocol.KEEP_ALIVE)

    def end(self) -> None:
        """Remove all subscriptions."""
        for id_ in list(self._subscriptions):
            self._forget(id_)

    async def _start(self, start: protocol.Start) -> None:
        errors: list[dict[str, Any]]
        try:
            await self._subscribe(start)
        except RequestRefused as refused:
            errors = refused.body()["errors"]
        except (NotValid, SubscriptionRefused) as refused:
            errors = refused.errors
        except TimeoutError:
            errors = [{"errorType": "ExecutionTimeout", "message": "Request timed out."}]
        except Exception:  # a request that fails must not end the connection's other subscriptions
            _log.exception("a subscription can't be started")
            errors = internal_failure().body()["errors"]
        else:
            return
        self._connection.put(protocol.error(start.id, errors))

    async def _subscribe(self, start: protocol.Start) -> None:
        if start.id in self._subscriptions:
            raise RequestRefused(400, "DuplicatedOperationError", f"The subscription {start.id} has started already.")
        if len(self._subscriptions) >= SUBSCRIPTIONS_MAX:
            message = f"Max number of {SUBSCRIPTIONS_MAX} subscriptions reached"
            raise RequestRefused(400, "MaxSubscriptionsReachedError", message)
        executor = await self._executors.get(self._api_id)
        caller = await self._authentication.subscribing(
            executor.deployment, start.headers, start.data, source_ip=self._source_ip
        )
        async with executor.turns(caller).take():
            asked = graphql_request.parse(start.data.encode())
        request = {"headers": start.headers, "domainName": None}
        checking = subscriptions.check(executor, asked, caller=caller, request=request)
        field_name, wanted, enhanced = await asyncio.wait_for(checking, _RESOLVER_SECONDS)
        subscription = Subscription(
            api_id=self._api_id,
            field_name=field_name,
            asked=asked,
            caller=caller,
            wanted=wanted,
            enhanced=enhanced,
            tell=lambda make, characters: self._connection.put_later(partial(_frame, start.id, make), characters),
            end=lambda errors: self._break_off(start.id, errors),
        )
        bill.add("appsync", "real-time updates", "subscription")
        self._connection.put(protocol.start_ack(start.id))
        self.begun = True  # connection_init is optional
        self._subscriptions[start.id] = (subscription, self._expiring(start.id, caller))
        self._listen(start.id, subscription)

    def _listen(self, id_: str, subscription: Subscription) -> None:
        """Let a subscription receive publications, at once or after the configured delay."""

        def add() -> None:
            if self._subscriptions.get(id_, (None,))[0] is subscription:
                self._hub.add(subscription)

        if unheard := self._unheard_seconds():
            asyncio.get_running_loop().call_later(unheard, add)
        else:
            add()

    def _expiring(self, id_: str, caller: Caller) -> Cancel:
        """End a subscription when its token expires; return the function that cancels this."""
        if caller.expires_at is None:
            return lambda: None
        errors = unauthorized("Token has expired.").body()["errors"]
        left = max(0.0, caller.expires_at - time.time())
        return asyncio.get_running_loop().call_later(left, self._break_off, id_, errors).cancel

    def _break_off(self, id_: str, errors: list[dict[str, Any]]) -> None:
        self._forget(id_)
        self._connection.put(protocol.error(id_, errors))

    def _forget(self, id_: str) -> None:
        found = self._subscriptions.pop(id_, None)
        if found is not None:
            subscription, call_off = found
            call_off()
            self._hub.remove(subscription)


async def _frame(id_: str, make: MakePayload) -> str | None:
    payload = await make()
    if payload is None:
        return None
    bill.add("appsync", "real-time updates", "message", math.ceil(len(payload) / _UPDATE_BYTES))
    return protocol.data(id_, payload)
