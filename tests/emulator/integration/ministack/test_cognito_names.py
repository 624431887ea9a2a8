"""A pool that isn't case sensitive has one user for all spellings of a name."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from local.server_process import Server
from tests.emulator.support.user_pools import ANY_CASE, EMAIL, EXACT_CASE, Pool, error_of

OTHER_PASSWORD = "Bb1-0123456789"
# Long enough for a second sign-up to come while the first one is checked.
LOOKS_AT_EACH_SIGN_UP = """
import time
def handler(event, context):
    time.sleep(0.5)
    return event
"""
SPELLINGS = pytest.mark.parametrize("spelling", ["Anna@Example.com", "anna@example.com", "ANNA@EXAMPLE.COM"])


@pytest.fixture
def pool(make_pool: Callable[..., Pool]) -> Pool:
    return make_pool(**EMAIL, **ANY_CASE)


def sub_of(pool: Pool, username: str) -> str:
    """Return the sub of the user that an administrator finds."""
    found = pool.administrator.admin_get_user(UserPoolId=pool.pool_id, Username=username)
    return next(str(one["Value"]) for one in found["UserAttributes"] if one["Name"] == "sub")


@SPELLINGS
def test_a_second_sign_up_is_refused_in_whatever_case(pool: Pool, spelling: str) -> None:
    pool.sign_up("Anna@Example.com")

    assert error_of(pool.sign_up, username=spelling) == "UsernameExistsException"
    assert error_of(pool.make_user, username=spelling) == "UsernameExistsException"


def test_the_address_and_the_user_name_may_differ_in_case(pool: Pool) -> None:
    assert pool.sign_up("Anna@Example.com", email="anna@example.com")


@SPELLINGS
def test_somebody_signs_up_confirms_and_signs_in_in_whatever_case(pool: Pool, spelling: str) -> None:
    names = {"ClientId": pool.client_id, "Username": spelling}
    sub = pool.sign_up("Anna@Example.com")

    pool.anybody.resend_confirmation_code(**names)
    pool.anybody.confirm_sign_up(**names, ConfirmationCode=pool.code_for("Anna@Example.com"))

    user = pool.anybody.get_user(AccessToken=pool.sign_in(spelling)["AccessToken"])
    assert user["Username"] == sub
    assert {"Name": "email", "Value": "Anna@Example.com"} in user["UserAttributes"]


@SPELLINGS
def test_the_password_is_proved_for_the_user_name_that_is_there(pool: Pool, spelling: str) -> None:
    sub = sub_of(pool, pool.make_user("Anna@Example.com"))

    asked = pool.anybody.initiate_auth(
        ClientId=pool.client_id, AuthFlow="USER_SRP_AUTH", AuthParameters={"USERNAME": spelling, "SRP_A": "a" * 768}
    )

    assert asked["ChallengeName"] == "PASSWORD_VERIFIER"
    assert asked["ChallengeParameters"]["USER_ID_FOR_SRP"] == sub


@SPELLINGS
def test_a_forgotten_password_is_set_in_whatever_case(pool: Pool, spelling: str) -> None:
    pool.make_user("Anna@Example.com")
    names = {"ClientId": pool.client_id, "Username": spelling}

    pool.anybody.forgot_password(**names)
    code = pool.code_for("Anna@Example.com")
    pool.anybody.confirm_forgot_password(**names, ConfirmationCode=code, Password=OTHER_PASSWORD)

    assert pool.sign_in("Anna@Example.com", OTHER_PASSWORD)["AccessToken"]


@SPELLINGS
def test_the_administrator_finds_the_user_in_whatever_case(pool: Pool, spelling: str) -> None:
    pool.make_user("Anna@Example.com")
    sub, cognito = sub_of(pool, "Anna@Example.com"), pool.administrator
    names = {"UserPoolId": pool.pool_id, "Username": spelling}
    cognito.create_group(UserPoolId=pool.pool_id, GroupName="staff")

    cognito.admin_set_user_password(**names, Password=OTHER_PASSWORD, Permanent=True)
    cognito.admin_update_user_attributes(**names, UserAttributes=[{"Name": "name", "Value": "Anna"}])
    cognito.admin_add_user_to_group(**names, GroupName="staff")
    cognito.admin_disable_user(**names)
    cognito.admin_enable_user(**names)
    signed_in = cognito.admin_initiate_auth(
        UserPoolId=pool.pool_id,
        ClientId=pool.client_id,
        AuthFlow="ADMIN_USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": spelling, "PASSWORD": OTHER_PASSWORD},
    )

    assert sub_of(pool, spelling) == sub
    assert cognito.get_user(AccessToken=signed_in["AuthenticationResult"]["AccessToken"])["Username"] == sub
    assert [one["GroupName"] for one in cognito.admin_list_groups_for_user(**names)["Groups"]] == ["staff"]
    members = cognito.list_users_in_group(UserPoolId=pool.pool_id, GroupName="staff")["Users"]
    found = cognito.list_users(UserPoolId=pool.pool_id, Filter=f'email = "{spelling}"')["Users"]
    assert [one["Username"] for one in members] == [one["Username"] for one in found] == [sub]
    cognito.admin_delete_user(**names)
    assert cognito.list_users(UserPoolId=pool.pool_id)["Users"] == []


def test_sign_ups_at_once_make_one_user(emulator: Server, tmp_path: Path, make_function: Callable[..., str]) -> None:
    name = make_function(LOOKS_AT_EACH_SIGN_UP)
    arn = emulator.client("lambda").get_function(FunctionName=name)["Configuration"]["FunctionArn"]
    pool = Pool.make(emulator, tmp_path, **EMAIL, **ANY_CASE, LambdaConfig={"PreSignUp": arn})
    spellings = ["anna@example.com", "Anna@example.com", "ANNA@example.com"]

    with ThreadPoolExecutor(len(spellings)) as people:
        errors = list(people.map(lambda spelling: error_of(pool.sign_up, username=spelling), spellings))

    assert sorted(errors) == ["", "UsernameExistsException", "UsernameExistsException"]


def test_a_pool_of_user_names_takes_them_in_whatever_case(make_pool: Callable[..., Pool]) -> None:
    pool = make_pool(**ANY_CASE)
    pool.make_user("Anna")

    signed_in = pool.sign_in("aNNA")

    assert pool.anybody.get_user(AccessToken=signed_in["AccessToken"])["Username"] == "Anna"
    assert error_of(pool.sign_up, username="ANNA") == "UsernameExistsException"
    assert error_of(pool.make_user, username="anna") == "UsernameExistsException"


@pytest.mark.parametrize(("alias", "value"), [("email", "Anna@Example.com"), ("preferred_username", "Annie")])
def test_an_alias_is_taken_in_whatever_case(make_pool: Callable[..., Pool], alias: str, value: str) -> None:
    pool = make_pool(**ANY_CASE, AliasAttributes=["email", "preferred_username"])
    pool.make_user("anna", **{alias: value, "email_verified": "true"})

    signed_in = pool.sign_in(value.upper())

    assert pool.anybody.get_user(AccessToken=signed_in["AccessToken"])["Username"] == "anna"


@pytest.mark.parametrize("settings", [EXACT_CASE, {}], ids=["case sensitive", "not said"])
@pytest.mark.parametrize("kind", [EMAIL, {}], ids=["addresses", "user names"])
def test_a_case_sensitive_pool_tells_spellings_apart(
    make_pool: Callable[..., Pool], kind: dict[str, Any], settings: dict[str, Any]
) -> None:
    pool = make_pool(**kind, **settings)
    pool.make_user("Anna@example.com")

    assert pool.sign_up("anna@example.com")
    assert error_of(pool.sign_in, username="ANNA@example.com") == "UserNotFoundException"
