"""Counts the calls of roles, by service: a function waits for them while it runs."""

import re

from emulator.asgi import App, Receive, Scope, Send
from emulator.billable_usage import bill
from emulator.ministack.iam_identity import EmulatedIdentity

SIGNED = re.compile(r"Credential=([^/]+)/\d+/[^/]+/([^/]+)/aws4_request")


def counting_calls(app: App, identity: EmulatedIdentity) -> App:
    """Return the application with a counter of signed requests that roles make."""

    async def count(scope: Scope, receive: Receive, send: Send) -> None:
        for name, value in scope.get("headers", ()):
            if name == b"authorization" and (signed := SIGNED.search(value.decode("latin-1"))):
                caller = identity.find(signed[1])
                _, assumed, role = (caller.arn if caller else "").partition(":assumed-role/")
                if assumed:
                    bill.add("calls", signed[2], role.partition("/")[0])
        await app(scope, receive, send)

    return count
