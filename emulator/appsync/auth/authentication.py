"""Finds the caller of a request, in the authorization modes of its API."""

import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from emulator.appsync.auth.callers import Caller, signed_caller, token_caller
from emulator.appsync.auth.key_sets import KeySets
from emulator.appsync.auth.signatures import ALGORITHM, SignedRequest, verify
from emulator.appsync.auth.web_tokens import WebToken, unauthorized
from emulator.appsync.deployment import AuthMode, Deployment
from emulator.principals import Identity


class Authentication:
    """Authenticates callers by an API key, a signature or a token."""

    def __init__(
        self, *, key_sets: KeySets, identity: Identity, region: str, clock: Callable[[], float] = time.time
    ) -> None:
        self._key_sets = key_sets
        self._identity = identity
        self._region = region
        self._clock = clock

    async def caller(self, deployment: Deployment, request: SignedRequest, *, source_ip: str) -> Caller:
        """Return the caller; raises RequestRefused, mostly a 401 with UnauthorizedException."""
        authorization = request.headers.get("authorization", "")
        if AuthMode.API_KEY in deployment.auth_modes and "x-api-key" in request.headers:
            return self._by_key(deployment.api_keys, request.headers["x-api-key"])
        if authorization.startswith(ALGORITHM):
            return self._by_signature(deployment, request, source_ip)
        if not authorization:
            raise unauthorized("Valid authorization header not provided.")
        if AuthMode.COGNITO not in deployment.auth_modes:
            raise unauthorized()
        return await self._by_token(deployment, authorization, source_ip)

    def _by_key(self, keys: Mapping[str, int], key: str) -> Caller:
        if keys.get(key, 0) <= self._clock():
            raise unauthorized()
        return Caller(mode=AuthMode.API_KEY)

    def _by_signature(self, deployment: Deployment, request: SignedRequest, source_ip: str) -> Caller:
        if AuthMode.IAM not in deployment.auth_modes:
            raise unauthorized()
        now = datetime.fromtimestamp(self._clock(), tz=UTC)
        credentials = verify(request, find=self._identity.find, region=self._region, service="appsync", now=now)
        return signed_caller(credentials.arn, source_ip=source_ip)

    async def _by_token(self, deployment: Deployment, text: str, source_ip: str) -> Caller:
        token = WebToken(text)
        for pool in deployment.user_pools:
            if token.issuer == pool.issuer:
                keys = await self._key_sets.get(pool.user_pool_id, token.key_id)
                claims = token.verify(keys, pool, now=self._clock())
                return token_caller(claims, source_ip=source_ip, default_action=pool.default_action)
        raise unauthorized()
