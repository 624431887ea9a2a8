"""A user pool enforces its password policy."""

from collections.abc import Callable
from typing import Any

import pytest

from local.server_process import Server


@pytest.fixture
def make_client(emulator: Server, unique: Callable[[str], str]) -> Callable[..., str]:
    """Make a pool with this policy and a client of it; return the client's id."""

    def make(**policy: Any) -> str:
        cognito = emulator.client("cognito-idp")
        pool = cognito.create_user_pool(PoolName=unique("pool"), Policies={"PasswordPolicy": policy})["UserPool"]["Id"]
        client = cognito.create_user_pool_client(UserPoolId=pool, ClientName="client")["UserPoolClient"]
        return str(client["ClientId"])

    return make


def test_a_requirement_that_the_policy_leaves_out_is_not_made(
    emulator: Server, make_client: Callable[..., str]
) -> None:
    client = make_client(MinimumLength=12, RequireUppercase=True)

    answer = emulator.client("cognito-idp").sign_up(ClientId=client, Username="somebody", Password="Aaaaaaaaaaaa")

    assert answer["UserSub"]


def test_a_requirement_of_the_policy_is_made(emulator: Server, make_client: Callable[..., str]) -> None:
    client = make_client(MinimumLength=12, RequireUppercase=True)
    cognito = emulator.client("cognito-idp")

    with pytest.raises(cognito.exceptions.InvalidPasswordException, match=r"uppercase characters$"):
        cognito.sign_up(ClientId=client, Username="somebody", Password="aaaaaaaaaaaa")
