"""Faults of all kinds, drawn at random from a seed.

Payments and publications that happen meanwhile are written to a history.
"""

import json
import random
from collections import Counter

import aiohttp
import psutil

from tests.e2e.faults.support.call_faults import (
    THROTTLED,
    Answer,
    AnswerLost,
    Call,
    Dies,
    Fault,
    Forward,
    Late,
    LostConnection,
    Refused,
    RequestLost,
    Twice,
)
from tests.e2e.faults.support.history import Event, History, now

# Longer than the functions wait for AWS, so that a late call happens after its caller gave up.
LATE_SECONDS = 2.5


class RandomFaults:
    """A different fault for each call, or none. `share` is the part of the calls that it breaks."""

    def __init__(self, history: History, *, share: float, seed: int, server_pid: int) -> None:
        self.injected: Counter[str] = Counter()
        self.calls = 0
        self._history = history
        self._share = share
        self._chance = random.Random(seed)
        self._kinds: dict[str, tuple[Fault, int]] = {
            "refused": (Refused(), 18),
            "throttled": (THROTTLED, 18),
            "request lost": (RequestLost(), 18),
            "answer lost": (AnswerLost(), 20),
            "twice": (Twice(), 20),
            "late": (Late(LATE_SECONDS), 4),
            "function dies": (Dies(server_pid), 2),
        }

    async def meet(self, call: Call, forward: Forward) -> Answer:
        """Execute the call or break it, and note the outcome."""
        self.calls += 1

        async def forward_and_note() -> Answer:
            answer = await forward()
            self._note(call, answer)
            return answer

        try:
            if self._chance.random() >= self._share:
                return await forward_and_note()
            weights = [weight for _, weight in self._kinds.values()]
            (name,) = self._chance.choices(list(self._kinds), weights)
            self.injected[name] += 1
            return await self._kinds[name][0].meet(call, forward_and_note)
        except (aiohttp.ClientError, TimeoutError, LookupError, psutil.Error) as error:
            # The server didn't answer, or the process to kill had already hung up.
            raise LostConnection from error

    def _note(self, call: Call, answer: Answer) -> None:
        if answer.status != 200:
            return
        if call.operation == "PutItem":
            item = json.loads(call.body)["Item"]
            self._history.write(
                Event(
                    kind="charged",
                    user=item["user_id"]["S"],
                    id=item["order_id"]["S"],
                    answered=now(),
                    status=item["result"]["S"],
                    total=int(item["amount"]["N"]),
                    answer=item["charge_id"]["S"],
                )
            )
        elif call.operation == "publishOrder" and not json.loads(answer.body).get("errors"):
            order = json.loads(call.body)["variables"]["input"]
            self._history.write(
                Event(
                    kind="published",
                    user=order["userId"],
                    id=order["id"],
                    answered=now(),
                    status=order["status"],
                    version=order["version"],
                )
            )
