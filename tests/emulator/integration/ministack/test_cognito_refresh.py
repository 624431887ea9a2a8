"""A refresh token continues a session until the session ends."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.emulator.support.sample_resources import eventually
from tests.emulator.support.user_pools import EMAIL, Pool, error_of

REFRESHES = pytest.mark.parametrize("refresh", [Pool.refresh, Pool.refresh_by_flow], ids=["Amplify", "flow"])


@pytest.fixture
def pool(make_pool: Callable[..., Pool]) -> Pool:
    return make_pool(**EMAIL)


@REFRESHES
def test_a_refresh_token_gives_new_tokens_of_the_same_user(pool: Pool, refresh: Any) -> None:
    username = pool.make_user()
    tokens = pool.sign_in(username)

    new = refresh(pool, tokens["RefreshToken"])

    user = pool.anybody.get_user(AccessToken=new["AccessToken"])
    assert {"Name": "email", "Value": username} in user["UserAttributes"]
    assert new["IdToken"] != tokens["IdToken"]
    assert "RefreshToken" not in new
    assert new["TokenType"] == "Bearer"


@REFRESHES
def test_a_refresh_token_is_good_for_the_clients_time_only(make_pool: Callable[..., Pool], refresh: Any) -> None:
    units = {"RefreshToken": "seconds"}
    pool = make_pool(**EMAIL, client={"RefreshTokenValidity": 1, "TokenValidityUnits": units})
    token = pool.sign_in(pool.make_user())["RefreshToken"]

    error = eventually(lambda: error_of(refresh, self=pool, token=token), bool)

    assert error == "NotAuthorizedException"


@REFRESHES
def test_a_session_that_was_signed_out_is_not_refreshed(pool: Pool, refresh: Any) -> None:
    tokens = pool.sign_in(pool.make_user())
    pool.anybody.global_sign_out(AccessToken=tokens["AccessToken"])

    assert error_of(refresh, self=pool, token=tokens["RefreshToken"]) == "NotAuthorizedException"


@REFRESHES
def test_a_revoked_token_is_not_refreshed_and_ends_its_access_tokens(pool: Pool, refresh: Any) -> None:
    tokens = pool.sign_in(pool.make_user())
    later = refresh(pool, tokens["RefreshToken"])

    pool.anybody.revoke_token(ClientId=pool.client_id, Token=tokens["RefreshToken"])

    assert error_of(refresh, self=pool, token=tokens["RefreshToken"]) == "NotAuthorizedException"
    assert error_of(pool.anybody.get_user, AccessToken=tokens["AccessToken"]) == "NotAuthorizedException"
    assert error_of(pool.anybody.get_user, AccessToken=later["AccessToken"]) == "NotAuthorizedException"


@REFRESHES
@pytest.mark.parametrize("kind", ["AccessToken", "IdToken", "garbage", "forged"])
def test_no_other_token_refreshes(pool: Pool, refresh: Any, kind: str) -> None:
    tokens = pool.sign_in(pool.make_user())
    forged = {"garbage": "a.b.c", "forged": tokens["RefreshToken"][:-8] + "AAAAAAAA"}

    assert error_of(refresh, self=pool, token={**tokens, **forged}[kind]) == "NotAuthorizedException"


@REFRESHES
def test_another_client_does_not_refresh_it(pool: Pool, refresh: Any) -> None:
    token = pool.sign_in(pool.make_user())["RefreshToken"]
    made = pool.administrator.create_user_pool_client(UserPoolId=pool.pool_id, ClientName="another")
    pool.client_id = made["UserPoolClient"]["ClientId"]

    assert error_of(refresh, self=pool, token=token) == "NotAuthorizedException"


def test_a_client_without_token_revocation_revokes_nothing(make_pool: Callable[..., Pool]) -> None:
    pool = make_pool(**EMAIL, client={"EnableTokenRevocation": False})
    token = pool.sign_in(pool.make_user())["RefreshToken"]

    error = error_of(pool.anybody.revoke_token, ClientId=pool.client_id, Token=token)

    assert error == "UnsupportedOperationException"
    assert pool.refresh(token)["AccessToken"]


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("AccessToken", "UnsupportedTokenTypeException"),
        ("IdToken", "UnsupportedTokenTypeException"),
        ("garbage", "InvalidParameterException"),
        ("forged", "InvalidParameterException"),
    ],
)
def test_only_a_refresh_token_is_revoked(pool: Pool, kind: str, error: str) -> None:
    tokens = pool.sign_in(pool.make_user())
    forged = {"garbage": "a.b.c", "forged": tokens["RefreshToken"][:-8] + "AAAAAAAA"}

    told = error_of(pool.anybody.revoke_token, ClientId=pool.client_id, Token={**tokens, **forged}[kind])

    assert told == error
    assert pool.refresh(tokens["RefreshToken"])["AccessToken"]


def test_another_client_revokes_nothing(pool: Pool) -> None:
    token = pool.sign_in(pool.make_user())["RefreshToken"]
    made = pool.administrator.create_user_pool_client(UserPoolId=pool.pool_id, ClientName="another")
    other = made["UserPoolClient"]["ClientId"]

    told = {error_of(pool.anybody.revoke_token, ClientId=client, Token=token) for client in (other, "nobodys")}

    assert told == {"UnauthorizedException"}
    assert pool.refresh(token)["AccessToken"]


def test_a_client_with_a_secret_needs_it(make_pool: Callable[..., Pool]) -> None:
    pool = make_pool(**EMAIL, client={"GenerateSecret": True})
    names = {"ClientId": pool.client_id}
    tokens = confidential_tokens(pool)
    call, revoke = pool.anybody.get_tokens_from_refresh_token, pool.anybody.revoke_token

    wrong = {"ClientSecret": "x" * 30}

    assert error_of(call, **names, RefreshToken=tokens["RefreshToken"]) == "NotAuthorizedException"
    assert error_of(call, **names, RefreshToken=tokens["RefreshToken"], **wrong) == "NotAuthorizedException"
    assert error_of(revoke, **names, Token=tokens["RefreshToken"], **wrong) == "UnauthorizedException"
    assert error_of(call, **names, RefreshToken=tokens["RefreshToken"], ClientSecret=secret_of(pool)) == ""


def rotating(make_pool: Callable[..., Pool], *, grace_seconds: int = 0) -> Pool:
    """Make a pool whose refresh tokens rotate."""
    rotation = {"Feature": "ENABLED", "RetryGracePeriodSeconds": grace_seconds}
    return make_pool(**EMAIL, client={"RefreshTokenRotation": rotation})


def test_a_refresh_token_that_rotates_brings_the_next_and_ends(make_pool: Callable[..., Pool]) -> None:
    pool = rotating(make_pool)
    first = pool.sign_in(pool.make_user())["RefreshToken"]

    second = pool.refresh(first)["RefreshToken"]

    assert error_of(pool.refresh, token=first) == "RefreshTokenReuseException"
    assert pool.refresh(second)["RefreshToken"] not in (first, second)
    assert claims_of(second)["exp"] == claims_of(first)["exp"]


def test_a_lost_answer_may_be_asked_for_again_during_the_grace_period(make_pool: Callable[..., Pool]) -> None:
    pool = rotating(make_pool, grace_seconds=60)
    token = pool.sign_in(pool.make_user())["RefreshToken"]
    pool.refresh(token)

    again = pool.refresh(token)

    assert pool.refresh(again["RefreshToken"])["IdToken"]


def test_a_client_that_rotates_refreshes_in_no_other_way_and_says_so(make_pool: Callable[..., Pool]) -> None:
    pool = rotating(make_pool, grace_seconds=10)
    token = pool.sign_in(pool.make_user())["RefreshToken"]
    names = {"UserPoolId": pool.pool_id, "ClientId": pool.client_id}

    described = pool.administrator.describe_user_pool_client(**names)["UserPoolClient"]

    assert described["RefreshTokenRotation"] == {"Feature": "ENABLED", "RetryGracePeriodSeconds": 10}
    assert error_of(pool.refresh_by_flow, token=token) == "InvalidParameterException"
    pool.administrator.update_user_pool_client(**names)
    assert pool.refresh_by_flow(token)["IdToken"]


def test_signing_out_ends_the_tokens_that_followed(make_pool: Callable[..., Pool]) -> None:
    pool = rotating(make_pool)
    first = pool.sign_in(pool.make_user())["RefreshToken"]
    second = pool.refresh(first)["RefreshToken"]

    pool.anybody.revoke_token(ClientId=pool.client_id, Token=first)

    assert error_of(pool.refresh, token=second) == "NotAuthorizedException"


def test_tokens_are_good_for_as_long_as_the_client_says(make_pool: Callable[..., Pool]) -> None:
    units = {"IdToken": "minutes", "AccessToken": "minutes", "RefreshToken": "hours"}
    times = {"IdTokenValidity": 5, "AccessTokenValidity": 10, "RefreshTokenValidity": 1}
    pool = make_pool(**EMAIL, client={"TokenValidityUnits": units, **times})

    tokens = pool.sign_in(pool.make_user())

    good = {kind: claims["exp"] - claims["iat"] for kind in units for claims in [claims_of(tokens[kind])]}
    assert good == {"IdToken": 300, "AccessToken": 600, "RefreshToken": 3600}
    assert int(tokens["ExpiresIn"]) == 600


def claims_of(token: str) -> dict[str, Any]:
    """Read a token's claims."""
    part = token.split(".")[1]
    claims: dict[str, Any] = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return claims


def secret_of(pool: Pool) -> str:
    names = {"UserPoolId": pool.pool_id, "ClientId": pool.client_id}
    return str(pool.administrator.describe_user_pool_client(**names)["UserPoolClient"]["ClientSecret"])


def confidential_tokens(pool: Pool) -> dict[str, str]:
    """Sign a user in at a client with a secret; return the tokens."""
    username = pool.make_user()
    proof = hmac.new(secret_of(pool).encode(), (username + pool.client_id).encode(), hashlib.sha256).digest()
    parameters = {
        "USERNAME": username,
        "PASSWORD": "Aa1-0123456789",
        "SECRET_HASH": base64.b64encode(proof).decode(),
    }
    answer = pool.anybody.initiate_auth(
        ClientId=pool.client_id, AuthFlow="USER_PASSWORD_AUTH", AuthParameters=parameters
    )
    return dict(answer["AuthenticationResult"])
