"""Feeds `announce` a stream's changes at a pace, through ports that take as long as AWS, and prints how it keeps up.

`PYTHONPATH=lambda_src python -m bench.paced_stream` compares one change after the other, as `announce` used to
work, with orders side by side, as it works now.
"""

import contextlib
import io
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Lock
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

from boto3.dynamodb.types import TypeSerializer
from orders import bootstrap
from orders.domain.announcement import Announcement
from orders.domain.order import Order
from orders.stream_batches import ParallelItemProcessor

Record = dict[str, Any]
CHANGES_A_SECOND = 200
CALL_SECONDS = 0.030
# As Lambda reads a shard: so many changes at most at once, and so often where there is nothing new.
CHANGES_A_BATCH = 40
LOOKS_A_SECOND = 4
# So many orders are under way at once, each with two changes.
_ORDERS_UNDER_WAY = 10
_ONE_BY_ONE = 1


@dataclass
class SlowPorts:
    """Subscribers and topic that take as long as AWS. Each `fails_at`-th call to the subscribers fails."""

    call_seconds: float = CALL_SECONDS
    fails_at: int = 0
    told: list[tuple[float, str, int]] = field(default_factory=list)
    most_at_once: int = 0
    _calls: int = 0
    _at_once: int = 0
    _lock: Lock = field(default_factory=Lock)

    def notify(self, order: Order) -> None:
        """Take as long as AppSync's `publishOrder`, and remember when it answered."""
        with self._call() as number:
            if self.fails_at and number % self.fails_at == 0:
                raise TimeoutError("AppSync didn't answer")
        self.told.append((time.monotonic(), order.key.order_id, order.version))

    def publish(self, _announcement: Announcement) -> None:
        """Take as long as SNS's `Publish`."""
        with self._call():
            pass

    @contextlib.contextmanager
    def _call(self) -> Iterator[int]:
        with self._lock:
            self._at_once += 1
            self._calls += 1
            number, self.most_at_once = self._calls, max(self.most_at_once, self._at_once)
        time.sleep(self.call_seconds)
        with self._lock:
            self._at_once -= 1
        yield number


@dataclass(frozen=True)
class Pace:
    """The result of a feed: seconds from a change to its first announcement, and changes that went wrong."""

    changes: int
    seconds: float
    longest_lag_seconds: float
    missing: int
    out_of_order: int
    most_at_once: int

    @property
    def a_second(self) -> float:
        """The changes announced in a second."""
        return self.changes / self.seconds


def changes_of(orders: int) -> list[Record]:
    """Return a stream's records of orders that become PAYING and then PAID, ten of them at once."""
    found: list[tuple[int, int]] = []
    for first in range(0, orders, _ORDERS_UNDER_WAY):
        some = range(first, min(first + _ORDERS_UNDER_WAY, orders))
        found += [(number, version) for version in (2, 3) for number in some]
    return [_record(at, number, version) for at, (number, version) in enumerate(found)]


def feed(records: list[Record], handler: Callable[[Any, Any], Any], context: Any, ports: SlowPorts) -> Pace:
    """Let the changes come at their pace, and hand them to the handler as Lambda does: again from the first failed."""
    begun, at = time.monotonic(), 0
    while at < len(records):
        there = min(len(records), int((time.monotonic() - begun) * CHANGES_A_SECOND))
        if there <= at:
            time.sleep(1 / LOOKS_A_SECOND)
            continue
        batch = records[at : min(there, at + CHANGES_A_BATCH)]
        failed = [int(one["itemIdentifier"]) for one in handler({"Records": batch}, context)["batchItemFailures"]]
        at = min(failed, default=at + len(batch))
    return _pace(records, ports, begun)


@contextlib.contextmanager
def announcing(ports: SlowPorts, *, workers: int) -> Iterator[Callable[[Any, Any], Any]]:
    """Give `announce`'s handler, which uses the ports and works on so many orders at once."""
    from orders.handlers import announce  # its logger writes where stdout is now

    delayed = SimpleNamespace(holds=lambda _: False)
    adapters = SimpleNamespace(subscribers=ports, announcements=ports, delayed=delayed, undelivered=None)
    processor = ParallelItemProcessor(workers=workers, reserve_milliseconds=0, remembers=1000)
    with patch.object(bootstrap, "announce", lambda: adapters), patch.object(announce, "processor", processor):
        yield announce.handler


def _pace(records: list[Record], ports: SlowPorts, begun: float) -> Pace:
    first: dict[tuple[str, int], float] = {}
    versions: dict[str, list[int]] = {}
    for moment, order_id, version in ports.told:
        if (order_id, version) not in first:
            first[order_id, version] = moment
            versions.setdefault(order_id, []).append(version)
    lags = []
    for at, record in enumerate(records):
        told_at = first.get(_news(record))
        if told_at is not None:
            lags.append(told_at - begun - at / CHANGES_A_SECOND)
    return Pace(
        changes=len(first),
        seconds=max(first.values()) - begun,
        longest_lag_seconds=max(lags),
        missing=len(records) - len(lags),
        out_of_order=sum(one != sorted(one) for one in versions.values()),
        most_at_once=ports.most_at_once,
    )


def _news(record: Record) -> tuple[str, int]:
    image = record["dynamodb"]["NewImage"]
    return image["id"]["S"], int(image["version"]["N"])


def _record(at: int, number: int, version: int) -> Record:
    statuses = {1: "PENDING", 2: "PAYING", 3: "PAID"}
    now = datetime.now(UTC).isoformat(timespec="milliseconds")
    row = {
        "user_id": "ann",
        "id": f"01KE{number:022d}",
        "name": "Margherita",
        "quantity": 2,
        "restaurant_id": "trattoria-roma",
        "unit_price": 850,
        "total": 1700,
        "currency": "EUR",
        **dict.fromkeys(("created_at", "updated_at", "changeable_until"), now),
    }
    images = {
        "Keys": {name: row[name] for name in ("user_id", "id")},
        "OldImage": row | {"status": statuses[version - 1], "version": version - 1},
        "NewImage": row | {"status": statuses[version], "version": version},
    }
    serialize = TypeSerializer().serialize
    return {
        "eventID": str(at),
        "eventName": "MODIFY",
        "dynamodb": {
            "SequenceNumber": str(at),
            "ApproximateCreationDateTime": time.time(),
            **{name: {key: serialize(value) for key, value in image.items()} for name, image in images.items()},
        },
    }


def main() -> None:
    """Feed both, and print a table."""
    context = SimpleNamespace(
        function_name="announce",
        memory_limit_in_mb=512,
        invoked_function_arn="arn",
        aws_request_id="id",
        get_remaining_time_in_millis=lambda: 60_000,
    )
    environment = {"POWERTOOLS_METRICS_NAMESPACE": "bench", "ENVIRONMENT": "bench"}
    rows = []
    for name, workers, orders in (
        ("one change after the other, as it was", _ONE_BY_ONE, 100),
        ("orders side by side", bootstrap.ANNOUNCEMENTS_AT_ONCE, 500),
    ):
        ports = SlowPorts()
        with (
            patch.dict(os.environ, environment),
            contextlib.redirect_stdout(io.StringIO()),
            announcing(ports, workers=workers) as handler,
        ):
            rows.append((name, feed(changes_of(orders), handler, context, ports)))
    print(
        f"the handler itself, fed {CHANGES_A_SECOND} changes a second by one shard, each call"
        f" {1000 * CALL_SECONDS:.0f} ms\n\n"
        "| `announce` | changes | announced a second | last one after | longest lag | missing | out of order |\n"
        "|---|---|---|---|---|---|---|"
    )
    for name, pace in rows:
        print(
            f"| {name} | {pace.changes:,} | {pace.a_second:.0f} | {pace.seconds:.1f} s |"
            f" {pace.longest_lag_seconds:.1f} s | {pace.missing} | {pace.out_of_order} |"
        )


if __name__ == "__main__":
    main()
