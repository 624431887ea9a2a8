"""JSON Web Tokens that are accepted or refused."""

import asyncio
import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

from emulator.appsync.auth.key_sets import KeySets
from emulator.appsync.auth.web_tokens import WebToken
from emulator.appsync.deployment import AcceptedUserPool
from emulator.appsync.errors import RequestRefused

NOW = 1_000_000.0
OWN = RSAKey.generate_key(2048, {"kid": "own"})
FOREIGN = RSAKey.generate_key(2048, {"kid": "own"})
KEYS = KeySet([OWN])
POOL = AcceptedUserPool(user_pool_id="us-east-1_abc", region="us-east-1", app_id_client_regex="client-[12]")
CLAIMS = {"iss": POOL.issuer, "sub": "ada", "token_use": "id", "aud": "client-1", "exp": NOW + 60}
ACCESS = {"iss": POOL.issuer, "sub": "ada", "token_use": "access", "client_id": "client-2", "exp": NOW + 60}


def signed(claims: Mapping[str, Any], key: RSAKey = OWN) -> str:
    return jwt.encode({"alg": "RS256", "kid": "own"}, dict(claims), key)


def verified(text: str, pool: AcceptedUserPool = POOL) -> Mapping[str, Any]:
    return WebToken(text).verify(KEYS, pool, now=NOW)


def refusal(text: str, pool: AcceptedUserPool = POOL) -> tuple[int, str, str]:
    with pytest.raises(RequestRefused) as refused:
        verified(text, pool)
    return refused.value.status, refused.value.error_type, refused.value.message


@pytest.mark.parametrize("claims", [CLAIMS, ACCESS])
def test_id_and_access_tokens_of_the_pool_and_its_clients_are_accepted(claims: dict[str, Any]) -> None:
    assert verified(signed(claims)) == claims


@pytest.mark.parametrize(
    "claims",
    [
        CLAIMS | {"iss": "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_other"},
        CLAIMS | {"aud": "client-3"},
        CLAIMS | {"aud": "client-11"},
        CLAIMS | {"aud": None, "client_id": "client-1"},
        ACCESS | {"client_id": "client-3", "aud": "client-1"},
        CLAIMS | {"token_use": "refresh"},
        {name: value for name, value in CLAIMS.items() if name != "token_use"},
    ],
)
def test_a_token_for_somebody_else_is_refused(claims: dict[str, Any]) -> None:
    assert refusal(signed(claims))[:2] == (401, "UnauthorizedException")


@pytest.mark.parametrize("expiry", [NOW, NOW - 1, None, "later"])
def test_a_token_that_does_not_hold_any_more_is_refused(expiry: Any) -> None:
    assert refusal(signed(CLAIMS | {"exp": expiry})) == (401, "UnauthorizedException", "Token has expired.")


def test_a_token_signed_by_another_key_is_refused() -> None:
    assert refusal(signed(CLAIMS, FOREIGN))[:2] == (401, "UnauthorizedException")


def part(content: Any) -> str:
    raw = content if isinstance(content, bytes) else json.dumps(content).encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


@pytest.mark.parametrize("header", [{"alg": "none"}, {"alg": "none", "kid": "own"}])
def test_a_token_without_signature_is_refused(header: dict[str, str]) -> None:
    assert refusal(f"{part(header)}.{part(CLAIMS)}.")[:2] == (401, "UnauthorizedException")


def test_the_public_key_is_no_shared_secret() -> None:
    text = f"{part({'alg': 'HS256', 'kid': 'own'})}.{part(CLAIMS)}"
    signature = hmac.new(OWN.as_pem(private=False), text.encode(), hashlib.sha256).digest()

    assert refusal(f"{text}.{part(signature)}")[:2] == (401, "UnauthorizedException")


@pytest.mark.parametrize("text", ["", "x", "a.b.c", "a.b.c.d", "é.é.é", "e30.MQ.e30"])
def test_what_is_no_token_is_refused(text: str) -> None:
    with pytest.raises(RequestRefused, match="Unable to parse JWT token"):
        WebToken(text)


def test_a_token_of_many_values_is_refused_before_they_are_made() -> None:
    text = f"{part({'alg': 'RS256'})}.{part({'a': [[]] * 1001})}.{part(b'x')}"

    with pytest.raises(RequestRefused, match="Unable to parse JWT token"):
        WebToken(text)


def test_without_a_client_pattern_any_client_of_the_pool_is_accepted() -> None:
    pool = AcceptedUserPool(user_pool_id=POOL.user_pool_id, region=POOL.region)

    assert verified(signed(CLAIMS | {"aud": "client-3"}), pool)["aud"] == "client-3"


class Publisher:
    """Counts the fetches of a pool's keys."""

    def __init__(self) -> None:
        self.fetched = 0
        self.keys = KEYS

    async def fetch(self, _pool_id: str) -> Any:
        self.fetched += 1
        return self.keys.as_dict(private=False)


def test_keys_are_fetched_once_and_again_for_an_unknown_one_but_not_at_every_token() -> None:
    publisher, now = Publisher(), [0.0]

    async def ask(*key_ids: str) -> int:
        for key_id in key_ids:
            await key_sets.get("pool", key_id)
        return publisher.fetched

    key_sets = KeySets(publisher.fetch, clock=lambda: now[0])

    assert asyncio.run(ask("own", "own", "forged", "forged")) == 1
    now[0] = 10
    assert asyncio.run(ask("own")) == 1
    assert asyncio.run(ask("rotated", "forged")) == 2
