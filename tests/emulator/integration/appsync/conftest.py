"""A user pool and its users, for the APIs of these tests."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import pytest

from deployment.repository_paths import ROOT
from local.server_process import Server, free_port, start_server


@dataclass(frozen=True)
class Pool:
    """A user pool, one of its clients, and the tokens of its users."""

    user_pool_id: str
    client_id: str
    cognito: Any

    def sign_in(self, username: str, *, client_id: str | None = None) -> dict[str, str]:
        """Sign a user in; return IdToken and AccessToken. A new name makes a new user."""
        with suppress(self.cognito.exceptions.UsernameExistsException):
            self.cognito.admin_create_user(UserPoolId=self.user_pool_id, Username=username)
        self.cognito.admin_set_user_password(
            UserPoolId=self.user_pool_id, Username=username, Password="Correct-horse-1", Permanent=True
        )
        answer = self.cognito.admin_initiate_auth(
            UserPoolId=self.user_pool_id,
            ClientId=client_id or self.client_id,
            AuthFlow="ADMIN_USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": username, "PASSWORD": "Correct-horse-1"},
        )
        result: dict[str, str] = answer["AuthenticationResult"]
        return result

    def add_client(self, name: str) -> str:
        """Add a client to the pool; return its id."""
        return add_client(self.cognito, self.user_pool_id, name)

    def settings(self) -> dict[str, Any]:
        """Return an API's authentication settings: this pool by default, and IAM."""
        return {
            "authenticationType": "AMAZON_COGNITO_USER_POOLS",
            "userPoolConfig": {
                "userPoolId": self.user_pool_id,
                "awsRegion": "us-east-1",
                "defaultAction": "ALLOW",
                "appIdClientRegex": self.client_id,
            },
            "additionalAuthenticationProviders": [{"authenticationType": "AWS_IAM"}],
        }


def add_client(cognito: Any, user_pool_id: str, name: str) -> str:
    client = cognito.create_user_pool_client(
        UserPoolId=user_pool_id, ClientName=name, ExplicitAuthFlows=["ALLOW_ADMIN_USER_PASSWORD_AUTH"]
    )
    client_id: str = client["UserPoolClient"]["ClientId"]
    return client_id


def create_pool(cognito: Any, name: str) -> Pool:
    user_pool_id = cognito.create_user_pool(PoolName=name)["UserPool"]["Id"]
    return Pool(user_pool_id, add_client(cognito, user_pool_id, name), cognito)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server for the tests of one file, which measure its memory or stop it."""
    directory = tmp_path_factory.mktemp("server")
    started = start_server(port=free_port(), directory=directory, root=ROOT, log=directory / "server.log")
    try:
        yield started
    finally:
        started.stop()


@pytest.fixture(scope="session")
def pool(emulator: Any) -> Pool:
    return create_pool(emulator.client("cognito-idp"), "appsync-tests")


@pytest.fixture(scope="session")
def other_pool(emulator: Any) -> Pool:
    return create_pool(emulator.client("cognito-idp"), "appsync-tests-other")


@pytest.fixture(scope="session")
def token(pool: Pool) -> str:
    return pool.sign_in("ada")["IdToken"]
