"""Users of Cognito, in the deployed pool and in pools and clients that the API must refuse."""

import base64
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from local.sample_data import make_demo_user
from tests.e2e.support.administrator_access import AdministratorAccess
from verify.customer import Customer

FLOW = "ALLOW_ADMIN_USER_PASSWORD_AUTH"
CLIENT_SETTINGS = (
    *("ClientName", "ExplicitAuthFlows", "PreventUserExistenceErrors", "EnableTokenRevocation"),
    *("IdTokenValidity", "AccessTokenValidity", "RefreshTokenValidity", "TokenValidityUnits"),
)


def sign_up(pool: Mapping[str, Any]) -> dict[str, str]:
    """Make a new user; return username and password."""
    credentials = {"username": f"{uuid.uuid4().hex}@example.com", "password": f"Aa1-{uuid.uuid4().hex}"}
    return make_demo_user(pool, credentials)


def tokens_of(pool: Mapping[str, Any], user: Mapping[str, str], account: AdministratorAccess) -> dict[str, str]:
    """Sign a user in; return IdToken, AccessToken and RefreshToken."""
    answer = account.client("cognito-idp").admin_initiate_auth(
        UserPoolId=pool["user_pool_id"],
        ClientId=pool["user_pool_client_id"],
        AuthFlow="ADMIN_USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": user["username"], "PASSWORD": user["password"]},
    )
    return dict(answer["AuthenticationResult"])


@contextmanager
def another_client(account: AdministratorAccess, pool: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Add another client to the pool, and yield the pool with it."""
    cognito, pool_id = account.client("cognito-idp"), pool["user_pool_id"]
    made = cognito.create_user_pool_client(UserPoolId=pool_id, ClientName="another", ExplicitAuthFlows=[FLOW])
    client_id = made["UserPoolClient"]["ClientId"]
    try:
        yield {**pool, "user_pool_client_id": client_id}
    finally:
        cognito.delete_user_pool_client(UserPoolId=pool_id, ClientId=client_id)


@contextmanager
def another_pool(account: AdministratorAccess) -> Iterator[dict[str, Any]]:
    """Make another pool with a client, in the same account."""
    cognito = account.client("cognito-idp")
    pool_id = cognito.create_user_pool(PoolName="another", UsernameAttributes=["email"])["UserPool"]["Id"]
    try:
        with another_client(account, {**account.outputs, "user_pool_id": pool_id}) as pool:
            yield pool
    finally:
        cognito.delete_user_pool(UserPoolId=pool_id)


@contextmanager
def short_lived_tokens(account: AdministratorAccess, *, seconds: int) -> Iterator[None]:
    """Let the deployed client give out tokens that expire soon. AWS allows 5 minutes or more."""
    cognito = account.client("cognito-idp")
    names = {"UserPoolId": account.outputs["user_pool_id"], "ClientId": account.outputs["user_pool_client_id"]}
    found = cognito.describe_user_pool_client(**names)["UserPoolClient"]
    kept = {**names, **{name: found[name] for name in CLIENT_SETTINGS}}
    units = {**kept["TokenValidityUnits"], "IdToken": "seconds"}
    cognito.update_user_pool_client(**kept | {"IdTokenValidity": seconds, "TokenValidityUnits": units})
    try:
        yield
    finally:
        cognito.update_user_pool_client(**kept)


def user_id_of(customer: Customer) -> str:
    """Return the user id in the customer's rows."""
    return customer.user_id


def encoded(part: bytes) -> str:
    """Encode a part of a token."""
    return base64.urlsafe_b64encode(part).rstrip(b"=").decode()
