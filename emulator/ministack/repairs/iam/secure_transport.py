"""Requests count as made over TLS.

AWS: its endpoints are reached over TLS, and policies refuse the rest with `aws:SecureTransport`.
MiniStack: takes the transport of its own listener, which is plain HTTP on loopback, so that the policies of the
deployed queues, topics and buckets refuse everybody.
"""

from collections.abc import Callable
from typing import Any

from ministack.core import iam_evaluator

from emulator.ministack.repairs.patching import RepairContext, replace


def apply(_context: RepairContext) -> None:
    """Answer `aws:SecureTransport` with true, whatever the listener's transport is."""

    def build(original: Callable[..., Any]) -> Callable[..., Any]:
        def resolve(key: str, context: Any) -> Any:
            return "true" if key.lower() == "aws:securetransport" else original(key, context)

        return resolve

    replace(iam_evaluator, "_resolve_condition_key", build)
