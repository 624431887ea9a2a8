"""Asking a run's server whether all of it is up."""

import http.client
import json
import time
from collections.abc import Callable
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request

from deployment.loopback_without_proxy import open_url

PATH = "/_local/health"
READY = {"status": "ready"}
SHOWN_BYTES = 100


class NotReady(Exception):
    """The server isn't ready; the message holds what was asked and what came back."""


def health(endpoint_url: str, *, timeout_seconds: float) -> dict[str, Any]:
    """Ask once and return what the server that is ready says of itself; raises NotReady."""
    url = f"{endpoint_url}{PATH}"
    try:
        with open_url(Request(url), timeout=timeout_seconds) as answer:  # noqa: S310  # loopback
            status, body = answer.status, answer.read(SHOWN_BYTES * 100)
    except HTTPError as refusal:
        with refusal:
            status, body = refusal.code, refusal.read(SHOWN_BYTES)
    except TimeoutError:
        raise NotReady(f"GET {url} brought nothing in {timeout_seconds:.0f} s") from None
    except (OSError, http.client.HTTPException) as error:
        raise NotReady(f"GET {url} brought no answer ({getattr(error, 'reason', None) or repr(error)})") from error
    try:
        document = json.loads(body)
    except ValueError:
        document = None
    if status != 200 or not isinstance(document, dict) or not document.items() >= READY.items():
        raise NotReady(f"GET {url} brought {status} and {body[:SHOWN_BYTES].decode(errors='replace')!r}")
    return document


def wait_until_ready(
    endpoint_url: str, *, within_seconds: float, is_over: Callable[[], bool] = lambda: False
) -> dict[str, Any]:
    """Ask until the server is ready; raises NotReady after that time, or once it is over with the server."""
    deadline = time.monotonic() + within_seconds
    while True:
        try:
            # One that is busy gets all of the time for its answer.
            return health(endpoint_url, timeout_seconds=max(1, deadline - time.monotonic()))
        except NotReady:
            if is_over() or time.monotonic() > deadline:
                raise
        time.sleep(0.05)
