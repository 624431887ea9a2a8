"""Counters and newest messages since the start, which AWS has as metrics and MiniStack lacks."""

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
from emulator.ministack.repairs.stepfunctions.current_execution import after_each_execution

NEWEST = 50
Document = dict[str, Any]
# A message, with the time at which it came, in seconds since 1970.
Came = tuple[float, Document]


@dataclass
class Counters:
    """Executions by their end, published messages, and the newest delivered ones, since `since`."""

    since: datetime = field(default_factory=lambda: datetime.now(UTC))
    outcomes: dict[str, Counter[str]] = field(default_factory=dict)
    published: Counter[str] = field(default_factory=Counter)
    delivered: dict[str, deque[Came]] = field(default_factory=dict)
    codes: dict[str, deque[Came]] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def count_end(self, machine_arn: str, status: str) -> None:
        """Count an execution by its final status."""
        with self.lock:
            self.outcomes.setdefault(machine_arn, Counter())[status] += 1

    def record_delivery(self, queue_arn: str, envelope: Document) -> None:
        """Record a message that a topic delivered to a queue."""
        with self.lock:
            self.delivered.setdefault(queue_arn, deque(maxlen=NEWEST)).append((time.time(), envelope))

    def record_mail(self, pool_id: str, mail: Document) -> None:
        """Record a mail that a user pool sent."""
        with self.lock:
            self.codes.setdefault(pool_id, deque(maxlen=NEWEST)).append((time.time(), mail))


counters = Counters()


def apply() -> None:
    """Let MiniStack report executions, publications and mail to the counters."""
    after_each_execution(_count_end)
    replace(sns, "_fanout", _counting_messages)
    replace(sns, "_deliver_to_sqs", _remembering_deliveries)
    replace(cognito, "_deliver_cognito_email", _remembering_codes)


def running(machine_arn: str) -> int:
    """Return the number of executions of the machine that are running now."""
    executions = list(stepfunctions._executions.values())
    return sum(one["stateMachineArn"] == machine_arn and one["status"] == "RUNNING" for one in executions)


def waiting_envelopes(queue_arn: str) -> list[Came]:
    """Return the messages from topics that wait in a queue; reading them counts as no receive."""
    queue = sqs._queue_by_arn(queue_arn)
    if queue is None:
        return []
    with sqs._queues_lock:
        messages = [(message["sent_at"], message["body"]) for message in queue["messages"][-NEWEST:]]
    return [(at, envelope) for at, body in messages if (envelope := _envelope(body))]


def _count_end(execution: Document) -> None:
    counters.count_end(execution["stateMachineArn"], execution["status"])


def _counting_messages(fanout: AnyCallable) -> AnyCallable:
    @functools.wraps(fanout)
    def counted(topic_arn: str, *arguments: Any, **options: Any) -> Any:
        with counters.lock:
            counters.published[topic_arn] += 1
        return fanout(topic_arn, *arguments, **options)

    return counted


def _remembering_deliveries(deliver: AnyCallable) -> AnyCallable:
    @functools.wraps(deliver)
    def delivered(endpoint: str, envelope: str, *arguments: Any, **options: Any) -> Any:
        answer = deliver(endpoint, envelope, *arguments, **options)
        queue = sqs._queue_by_arn(endpoint)
        # MiniStack doesn't report if the queue's policy let the message in. If so, the queue holds
        # this very text object.
        if queue and any(message["body"] is envelope for message in reversed(queue["messages"])):
            found = _envelope(envelope)
            if found:
                counters.record_delivery(endpoint, found)
        return answer

    return delivered


def _remembering_codes(deliver: Callable[..., Any]) -> AnyCallable:
    @functools.wraps(deliver)
    def delivered(pool: Document, email: str, subject: str, body: str, **options: Any) -> Any:
        counters.record_mail(pool["Id"], {"to": email, "subject": subject, "text": body})
        return deliver(pool, email, subject, body, **options)

    return delivered


def _envelope(body: str) -> Document | None:
    """Return the notification in which a topic wraps a message; None for any other text."""
    try:
        found = json.loads(body)
    except ValueError:
        return None
    return found if isinstance(found, dict) and found.get("Type") == "Notification" else None
