"""Counters of what happened since the start: what AWS has as metrics, and MiniStack doesn't."""

import functools
import json
import threading
import time
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from ministack.services import cognito, sns, sqs, stepfunctions

from emulator.ministack.repairs.patching import AnyCallable, replace
from emulator.ministack.repairs.stepfunctions.current import after_each_execution

NEWEST = 50
Document = dict[str, Any]
# A moment in seconds since 1970, and what came then.
Came = tuple[float, Document]


@dataclass
class Tallies:
    """How executions ended, what was published, and the newest messages that were delivered; since `since`."""

    since: datetime = field(default_factory=lambda: datetime.now(UTC))
    outcomes: dict[str, Counter[str]] = field(default_factory=dict)
    published: Counter[str] = field(default_factory=Counter)
    delivered: dict[str, deque[Came]] = field(default_factory=dict)
    codes: dict[str, deque[Came]] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def ended(self, machine_arn: str, status: str) -> None:
        """Count an execution by how it ended."""
        with self.lock:
            self.outcomes.setdefault(machine_arn, Counter())[status] += 1

    def reached(self, queue_arn: str, envelope: Document) -> None:
        """Remember a message that a topic delivered to a queue."""
        with self.lock:
            self.delivered.setdefault(queue_arn, deque(maxlen=NEWEST)).append((time.time(), envelope))

    def sent(self, pool_id: str, mail: Document) -> None:
        """Remember a mail that a user pool sent."""
        with self.lock:
            self.codes.setdefault(pool_id, deque(maxlen=NEWEST)).append((time.time(), mail))


tallies = Tallies()


def apply() -> None:
    """Look on while MiniStack runs executions, publishes and sends mail."""
    after_each_execution(_count_end)
    replace(sns, "_fanout", _counting_messages)
    replace(sns, "_deliver_to_sqs", _remembering_deliveries)
    replace(cognito, "_deliver_cognito_email", _remembering_codes)


def running(machine_arn: str) -> int:
    """How many executions of the machine are under way now."""
    executions = list(stepfunctions._executions.values())
    return sum(one["stateMachineArn"] == machine_arn and one["status"] == "RUNNING" for one in executions)


def waiting_envelopes(queue_arn: str) -> list[Came]:
    """What topics delivered to a queue and nobody took away; looking at it counts as no receive."""
    queue = sqs._queue_by_arn(queue_arn)
    if queue is None:
        return []
    with sqs._queues_lock:
        messages = [(message["sent_at"], message["body"]) for message in queue["messages"][-NEWEST:]]
    return [(at, envelope) for at, body in messages if (envelope := _envelope(body))]


def _count_end(execution: Document) -> None:
    tallies.ended(execution["stateMachineArn"], execution["status"])


def _counting_messages(fanout: AnyCallable) -> AnyCallable:
    @functools.wraps(fanout)
    def counted(topic_arn: str, *arguments: Any, **options: Any) -> Any:
        with tallies.lock:
            tallies.published[topic_arn] += 1
        return fanout(topic_arn, *arguments, **options)

    return counted


def _remembering_deliveries(deliver: AnyCallable) -> AnyCallable:
    @functools.wraps(deliver)
    def delivered(endpoint: str, envelope: str, *arguments: Any, **options: Any) -> Any:
        answer = deliver(endpoint, envelope, *arguments, **options)
        queue = sqs._queue_by_arn(endpoint)
        # MiniStack doesn't say whether the queue's policy let the message in; if so, it holds this very text.
        if queue and any(message["body"] is envelope for message in reversed(queue["messages"])):
            found = _envelope(envelope)
            if found:
                tallies.reached(endpoint, found)
        return answer

    return delivered


def _remembering_codes(deliver: Callable[..., Any]) -> AnyCallable:
    @functools.wraps(deliver)
    def delivered(pool: Document, email: str, subject: str, body: str, **options: Any) -> Any:
        tallies.sent(pool["Id"], {"to": email, "subject": subject, "text": body})
        return deliver(pool, email, subject, body, **options)

    return delivered


def _envelope(body: str) -> Document | None:
    """The notification that a topic wraps a message in; None for any other text."""
    try:
        found = json.loads(body)
    except ValueError:
        return None
    return found if isinstance(found, dict) and found.get("Type") == "Notification" else None
