"""Cognito's tokens of the demo user, so that GraphiQL is signed in."""

from collections.abc import Mapping
from typing import Any

from local.deploy import client


def start_demo_session(outputs: Mapping[str, Any]) -> dict[str, Any]:
    """Sign the demo user in and return the tokens."""
    user = outputs["demo_user"]
    answer = client("cognito-idp", outputs).admin_initiate_auth(
        UserPoolId=outputs["user_pool_id"],
        ClientId=outputs["user_pool_client_id"],
        AuthFlow="ADMIN_USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": user["username"], "PASSWORD": user["password"]},
    )["AuthenticationResult"]
    return {
        "username": user["username"],
        "idToken": answer["IdToken"],
        "accessToken": answer["AccessToken"],
        "refreshToken": answer["RefreshToken"],
        "expiresInSeconds": answer["ExpiresIn"],
    }
