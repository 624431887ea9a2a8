"""The public keys of user pools, read from Cognito's public address."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

from joserfc.jwk import KeySet

from emulator.appsync.auth.web_tokens import unauthorized

_FRESH_SECONDS = 3600.0
_REFETCH_SECONDS = 5.0


class KeySets:
    """Caches each pool's keys.

    An unknown key id makes it read again, but not for every forged token.
    """

    def __init__(self, fetch: Callable[[str], Awaitable[Any]], *, clock: Callable[[], float] = time.monotonic) -> None:
        self._fetch = fetch
        self._clock = clock
        self._known: dict[str, tuple[float, KeySet]] = {}
        self._lock = asyncio.Lock()

    async def get(self, user_pool_id: str, key_id: object) -> KeySet:
        """Return the keys of a pool, with the named one if the pool has it; raises RequestRefused."""
        known = self._known.get(user_pool_id)
        if known is None or not self._serves(known, key_id):
            async with self._lock:
                known = self._known.get(user_pool_id)
                if known is None or not self._serves(known, key_id):
                    known = (self._clock(), await self._load(user_pool_id))
                    self._known[user_pool_id] = known
        return known[1]

    def _serves(self, known: tuple[float, KeySet], key_id: object) -> bool:
        age = self._clock() - known[0]
        return age < _REFETCH_SECONDS or (age < _FRESH_SECONDS and any(key.kid == key_id for key in known[1].keys))

    async def _load(self, user_pool_id: str) -> KeySet:
        try:
            return KeySet.import_key_set(await self._fetch(user_pool_id))
        except ValueError as error:
            raise unauthorized() from error
