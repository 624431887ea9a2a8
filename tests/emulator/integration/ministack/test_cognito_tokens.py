"""Unsigned operations change another user only with that user's access token."""

import base64
import http.client
import json
from collections.abc import Callable
from contextlib import closing
from typing import Any

import pytest

from tests.emulator.support.sample_resources import eventually
from tests.emulator.support.user_pools import EMAIL, Pool, Tokens, error_of

TARGET = "AWSCognitoIdentityProviderService"
DEEP = "[" * 20_000
# Every operation that takes an access token, with its other parameters.
BY_ACCESS_TOKEN: dict[str, dict[str, Any]] = {
    "AssociateSoftwareToken": {},
    "ChangePassword": {"PreviousPassword": "Aa1-0123456789", "ProposedPassword": "Bb1-0123456789"},
    "CompleteWebAuthnRegistration": {"Credential": {}},
    "ConfirmDevice": {"DeviceKey": "us-east-1_00000000-0000-0000-0000-000000000000"},
    "DeleteUser": {},
    "DeleteUserAttributes": {"UserAttributeNames": ["name"]},
    "DeleteWebAuthnCredential": {"CredentialId": "passkey"},
    "ForgetDevice": {"DeviceKey": "us-east-1_00000000-0000-0000-0000-000000000000"},
    "GetDevice": {"DeviceKey": "us-east-1_00000000-0000-0000-0000-000000000000"},
    "GetUser": {},
    "GetUserAttributeVerificationCode": {"AttributeName": "email"},
    "GetUserAuthFactors": {},
    "GlobalSignOut": {},
    "ListDevices": {},
    "ListWebAuthnCredentials": {},
    "SetUserMFAPreference": {"SMSMfaSettings": {"Enabled": True}},
    "SetUserSettings": {"MFAOptions": []},
    "StartWebAuthnRegistration": {},
    "UpdateDeviceStatus": {"DeviceKey": "us-east-1_00000000-0000-0000-0000-000000000000"},
    "UpdateUserAttributes": {"UserAttributes": [{"Name": "name", "Value": "Mallory"}]},
    "VerifySoftwareToken": {"UserCode": "123456"},
    "VerifyUserAttribute": {"AttributeName": "email", "Code": "123456"},
}
REFUSED = {"NotAuthorizedException", "InvalidParameterException"}


def encoded(part: str) -> str:
    return base64.urlsafe_b64encode(part.encode()).rstrip(b"=").decode()


def with_claims(token: str, **changes: Any) -> str:
    """Return the token with other claims and the old signature."""
    head, payload, signature = token.split(".")
    claims = json.loads(base64.urlsafe_b64decode(payload + "=="))
    return f"{head}.{encoded(json.dumps({**claims, **changes}))}.{signature}"


def unsigned(token: str) -> str:
    """Return the token without its signature."""
    return f"{encoded(json.dumps({'alg': 'none'}))}.{token.split('.')[1]}."


FORGERIES: dict[str, Callable[[Tokens], Any]] = {
    "nothing": lambda _: None,
    "an empty text": lambda _: "",
    "no token": lambda _: "a.b.c",
    "a list": lambda _: ["a"],
    "another user's claims": lambda tokens: with_claims(tokens["AccessToken"], sub="another"),
    "a longer life": lambda tokens: with_claims(tokens["AccessToken"], exp=9_999_999_999),
    "a foreign pool": lambda tokens: with_claims(tokens["AccessToken"], iss="https://x/us-east-1_another"),
    "alg none": lambda tokens: unsigned(tokens["AccessToken"]),
    "an id token": lambda tokens: tokens["IdToken"],
    "a refresh token": lambda tokens: tokens["RefreshToken"],
    "a deep payload": lambda tokens: f"{tokens['AccessToken'].split('.')[0]}.{encoded(DEEP)}.AA",
    "a deep head": lambda tokens: f"{encoded(DEEP)}.{tokens['AccessToken'].split('.', 1)[1]}",
}


@pytest.fixture
def pool(make_pool: Callable[..., Pool]) -> Pool:
    return make_pool(**EMAIL)


@pytest.fixture
def tokens(pool: Pool) -> Tokens:
    return pool.sign_in(pool.make_user())


def ask(pool: Pool, operation: str, body: str) -> tuple[int, str]:
    """Call an operation with exactly this body, and no signature; return the status and the error's code."""
    headers = {"Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": f"{TARGET}.{operation}"}
    with closing(http.client.HTTPConnection(pool.server.endpoint_url.removeprefix("http://"), timeout=30)) as server:
        server.request("POST", "/", body, headers)
        answer = server.getresponse()
        told = json.loads(answer.read() or "{}")
    return answer.status, str(told.get("__type", "")).rpartition("#")[2]


def state_of(pool: Pool, username: str) -> dict[str, Any]:
    """Return everything that is stored of a user."""
    found = pool.administrator.admin_get_user(UserPoolId=pool.pool_id, Username=username)
    return {name: value for name, value in found.items() if name != "ResponseMetadata"}


def test_the_operations_with_an_access_token_are_those_of_the_service_model(pool: Pool) -> None:
    model = pool.anybody.meta.service_model
    operations = [model.operation_model(name) for name in model.operation_names]

    with_token = {one.name for one in operations if "AccessToken" in one.input_shape.members}

    assert with_token == set(BY_ACCESS_TOKEN)


@pytest.mark.parametrize("forged", FORGERIES.values(), ids=FORGERIES)
def test_without_a_good_access_token_nothing_is_told_or_done(pool: Pool, forged: Callable[[Tokens], Any]) -> None:
    username = pool.make_user()
    tokens, before = pool.sign_in(username), state_of(pool, username)
    told: dict[str, tuple[int, str]] = {}

    for operation, more in BY_ACCESS_TOKEN.items():
        token = forged(tokens)
        given = {} if token is None else {"AccessToken": token}
        told[operation] = ask(pool, operation, json.dumps({**more, **given}))

    assert {answer for answer in told.values() if answer[0] != 400} == set()
    assert {code for _, code in told.values()} <= REFUSED | {"SerializationException"}
    assert state_of(pool, username) == before
    assert pool.refresh(tokens["RefreshToken"])["AccessToken"]


def test_an_access_token_of_a_session_that_ended_is_refused_everywhere(pool: Pool, tokens: Tokens) -> None:
    pool.anybody.global_sign_out(AccessToken=tokens["AccessToken"])

    told = {
        operation: ask(pool, operation, json.dumps({**more, "AccessToken": tokens["AccessToken"]}))
        for operation, more in BY_ACCESS_TOKEN.items()
    }

    assert set(told.values()) == {(400, "NotAuthorizedException")}


def test_an_access_token_whose_time_is_over_is_refused(make_pool: Callable[..., Pool]) -> None:
    units = {"AccessToken": "seconds"}
    pool = make_pool(**EMAIL, client={"AccessTokenValidity": 1, "TokenValidityUnits": units})
    token = pool.sign_in(pool.make_user())["AccessToken"]

    error = eventually(lambda: error_of(pool.anybody.get_user, AccessToken=token), bool)

    assert error == "NotAuthorizedException"


@pytest.mark.parametrize("operation", ["AdminGetUser", "AdminInitiateAuth", "ListUsers", "ListUserPoolClients"])
def test_what_the_administrator_does_needs_a_signature(pool: Pool, operation: str) -> None:
    body = json.dumps({"UserPoolId": pool.pool_id, "Username": pool.make_user(), "ClientId": pool.client_id})

    assert ask(pool, operation, body) == (400, "MissingAuthenticationTokenException")


@pytest.mark.parametrize(
    "body", ["[]", "1", '"x"', "null", "{", DEEP, '{"a":' * 20_000, "\x00", '{"Username": "\\ud800"}']
)
def test_a_body_that_is_no_object_is_refused(pool: Pool, body: str) -> None:
    model = pool.anybody.meta.service_model
    public = [name for name in model.operation_names if model.operation_model(name).auth_type == "none"]

    told = {ask(pool, operation, body) for operation in public}

    assert told == {(400, "SerializationException")}


@pytest.mark.parametrize("value", [1, True, ["x"], {"x": "x"}, [[]], None])
def test_a_member_of_another_type_is_refused(pool: Pool, value: Any) -> None:
    model = pool.anybody.meta.service_model
    public = [model.operation_model(name) for name in model.operation_names]
    strings = [
        (one.name, name)
        for one in public
        if one.auth_type == "none"
        for name, shape in one.input_shape.members.items()
        if shape.type_name == "string" and name in one.input_shape.required_members
    ]

    told = {ask(pool, operation, json.dumps({name: value})) for operation, name in strings}

    assert len(strings) > 20
    assert told <= {(400, "SerializationException"), (400, "InvalidParameterException")}


def test_a_name_that_is_too_long_is_refused(pool: Pool) -> None:
    body = json.dumps({"ClientId": pool.client_id, "Username": "x" * 129, "Password": "Aa1-0123456789"})

    assert ask(pool, "SignUp", body) == (400, "InvalidParameterException")


def test_a_user_without_devices_and_passkeys_is_answered_as_such(pool: Pool, tokens: Tokens) -> None:
    token = {"AccessToken": tokens["AccessToken"]}
    device = {**token, "DeviceKey": BY_ACCESS_TOKEN["GetDevice"]["DeviceKey"]}

    assert pool.anybody.list_devices(**token)["Devices"] == []
    assert pool.anybody.list_web_authn_credentials(**token)["Credentials"] == []
    assert pool.anybody.get_user_auth_factors(**token)["ConfiguredUserAuthFactors"] == ["PASSWORD"]
    assert error_of(pool.anybody.confirm_device, **device) == "InvalidParameterException"
    assert error_of(pool.anybody.get_device, **device) == "ResourceNotFoundException"
    assert error_of(pool.anybody.update_device_status, **device) == "ResourceNotFoundException"
    assert error_of(pool.anybody.forget_device, **device) == "ResourceNotFoundException"
    assert error_of(pool.anybody.start_web_authn_registration, **token) == "WebAuthnNotEnabledException"


def test_a_user_deletes_the_own_account(pool: Pool) -> None:
    username = pool.make_user()
    tokens = pool.sign_in(username)

    pool.anybody.delete_user(AccessToken=tokens["AccessToken"])

    assert error_of(pool.refresh, token=tokens["RefreshToken"]) == "NotAuthorizedException"
    assert error_of(state_of, pool=pool, username=username) == "UserNotFoundException"
