"""The deployed environment that is verified: its addresses, from its stack's outputs, and its account."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from deployment.stack import Stack
from environments.settings import Settings
from environments.user_error import UserError
from verify.signed_calls import AccessKey


@dataclass(frozen=True, kw_only=True)
class VerifiedEnvironment:
    """An environment that is deployed."""

    settings: Settings
    outputs: Mapping[str, Any]
    # A client of a service with the caller's keys, and one of the user pool without any.
    client: Callable[[str], Any]
    unsigned_cognito: Any
    access_key: Callable[[], AccessKey]


def open_verified_environment(stack: Stack, settings: Settings) -> VerifiedEnvironment:
    """Look the environment up; UserError when it isn't deployed, or the keys are of another account."""
    client = cache(stack.client)
    with stack.calling_aws():
        account = client("sts").get_caller_identity()["Account"]
        if account != settings.account_id:
            wanted = f"{settings.environment} is in account {settings.account_id}"
            raise UserError(f"{wanted}, but the credentials are of account {account}")
        outputs = stack.outputs()
    if not outputs:
        raise UserError(f"{stack.name} isn't deployed: make deploy ENV={settings.environment} does that")
    return VerifiedEnvironment(
        settings=settings,
        outputs=outputs,
        client=client,
        unsigned_cognito=stack.unsigned_client("cognito-idp"),
        access_key=lambda: _access_key(stack),
    )


def _access_key(stack: Stack) -> AccessKey:
    found = stack.credentials().get_frozen_credentials()
    return AccessKey(str(found.access_key), str(found.secret_key), session_token=found.token)
