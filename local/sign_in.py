"""Signing in to the local run with the administrator's keys, which takes no proof of a password."""

from collections.abc import Mapping
from typing import Any

from local.deploy import client
from verify.customer import Customer


def sign_in(outputs: Mapping[str, Any], *, username: str, password: str) -> Customer:
    """Return a customer with a fresh token."""
    answer = client("cognito-idp", outputs).admin_initiate_auth(
        UserPoolId=outputs["user_pool_id"],
        ClientId=outputs["user_pool_client_id"],
        AuthFlow="ADMIN_USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": username, "PASSWORD": password},
    )
    return Customer(outputs["graphql_url"], answer["AuthenticationResult"]["IdToken"])
