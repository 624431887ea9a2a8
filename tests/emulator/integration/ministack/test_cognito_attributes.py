"""A signed-in user changes their own attributes, and can't become another user by it."""

from collections.abc import Callable
from typing import Any

import pytest

from emulator.ministack.one_time_codes import REQUESTS_AN_HOUR
from tests.emulator.support.user_pools import ANY_CASE, EMAIL, EXACT_CASE, PASSWORD, Pool, error_of

ANNA, BOB = "Anna@example.com", "bob@example.com"
FORBIDDEN = ["aud", "cognito:groups", "cognito:username", "custom:any", "email_verified", "exp", "identities", "iss"]
# A control character, one of no width, one that turns the direction.
UNSEEN = ["a@b\x1b[31m.example", "a@b\u200b.example", "a\u202e@b.example", "a\x00@b.example"]


@pytest.fixture
def pool(make_pool: Callable[..., Pool]) -> Pool:
    return make_pool(**EMAIL, **ANY_CASE)


def token_of(pool: Pool, username: str) -> dict[str, str]:
    return {"AccessToken": pool.sign_in(username)["AccessToken"]}


def written(**attributes: str) -> dict[str, Any]:
    return {"UserAttributes": [{"Name": name, "Value": value} for name, value in attributes.items()]}


def attributes_of(pool: Pool, token: dict[str, str]) -> dict[str, str]:
    return {one["Name"]: one["Value"] for one in pool.anybody.get_user(**token)["UserAttributes"]}


def test_a_user_changes_and_deletes_attributes(pool: Pool) -> None:
    token = token_of(pool, pool.make_user(ANNA))

    pool.anybody.update_user_attributes(**token, **written(name="Anna", nickname="A."))
    pool.anybody.delete_user_attributes(**token, UserAttributeNames=["nickname"])

    found = attributes_of(pool, token)
    assert found["name"] == "Anna"
    assert "nickname" not in found


@pytest.mark.parametrize("name", [*FORBIDDEN, "sub"])
def test_nobody_writes_what_makes_another_user_or_a_claim(pool: Pool, name: str) -> None:
    pool.make_user(ANNA)
    token = token_of(pool, ANNA)
    before = attributes_of(pool, token)

    written_later = error_of(pool.anybody.update_user_attributes, **token, **written(**{name: "true"}))
    deleted = error_of(pool.anybody.delete_user_attributes, **token, UserAttributeNames=[name])

    assert {written_later, deleted} == {"NotAuthorizedException"}
    assert attributes_of(pool, token) == before


@pytest.mark.parametrize("name", FORBIDDEN)
def test_nobody_signs_up_with_it_either(pool: Pool, name: str) -> None:
    call = {"ClientId": pool.client_id, "Username": ANNA, "Password": PASSWORD}

    assert error_of(pool.anybody.sign_up, **call, **written(**{name: "true"})) == "NotAuthorizedException"
    assert error_of(pool.anybody.sign_up, **call, **written(sub="true")) == "InvalidParameterException"


def test_the_administrator_writes_no_sub_and_nothing_unknown(pool: Pool) -> None:
    names = {"UserPoolId": pool.pool_id, "Username": pool.make_user(ANNA)}
    update = pool.administrator.admin_update_user_attributes

    told = {error_of(update, **names, **written(**{name: "x"})) for name in ("sub", "custom:any", "exp")}

    assert told == {"InvalidParameterException"}
    assert error_of(update, **names, **written(email_verified="true", name="Anna")) == ""


def test_the_administrator_makes_no_user_with_an_unknown_attribute_or_anothers_address(
    make_pool: Callable[..., Pool],
) -> None:
    pool = make_pool(UsernameAttributes=["email", "phone_number"])
    pool.make_user(ANNA)

    assert error_of(pool.make_user, username=BOB, exp="x") == "InvalidParameterException"
    assert error_of(pool.make_user, username="+491701234567", email=ANNA) == "UsernameExistsException"
    assert error_of(pool.sign_up, username="+491701234567", email=ANNA) == "UsernameExistsException"


def test_an_empty_address_is_as_good_as_none_and_makes_nobody_a_second_time(pool: Pool) -> None:
    assert error_of(pool.sign_up, username=ANNA, email="") == ""
    assert error_of(pool.make_user, username=BOB, email="") == ""

    assert error_of(pool.sign_up, username=ANNA, email=ANNA) == "UsernameExistsException"
    assert error_of(pool.make_user, username=BOB, email=BOB) == "UsernameExistsException"
    assert error_of(pool.sign_up, username="third@example.com", email="") == ""


def test_a_client_writes_what_it_lists(make_pool: Callable[..., Pool]) -> None:
    schema = [{"Name": "table", "AttributeDataType": "String", "Mutable": True}]
    pool = make_pool(**EMAIL, Schema=schema, client={"WriteAttributes": ["email", "custom:table"]})
    token = token_of(pool, pool.make_user(ANNA))

    listed = error_of(pool.anybody.update_user_attributes, **token, **written(**{"custom:table": "4"}))
    not_listed = error_of(pool.anybody.update_user_attributes, **token, **written(name="Anna"))

    assert (listed, not_listed) == ("", "NotAuthorizedException")


def test_what_is_immutable_stays(make_pool: Callable[..., Pool]) -> None:
    schema = [{"Name": "table", "AttributeDataType": "String", "Mutable": False}]
    pool = make_pool(**EMAIL, Schema=schema, client={"WriteAttributes": ["email", "custom:table"]})
    token = token_of(pool, pool.make_user(ANNA, **{"custom:table": "4"}))

    told = error_of(pool.anybody.update_user_attributes, **token, **written(**{"custom:table": "5"}))

    assert told == "InvalidParameterException"
    assert attributes_of(pool, token)["custom:table"] == "4"


def test_where_an_address_is_verified_first_the_old_one_counts_until_then(make_pool: Callable[..., Pool]) -> None:
    first = {"UserAttributeUpdateSettings": {"AttributesRequireVerificationBeforeUpdate": ["email"]}}
    pool = make_pool(**EMAIL, **ANY_CASE, **first)
    pool.make_user(ANNA, email_verified="true")
    token, address = token_of(pool, ANNA), "new@example.com"

    sent = pool.anybody.update_user_attributes(**token, **written(email=address, name="Anna"))
    before = attributes_of(pool, token)
    refused = error_of(pool.sign_in, username=address)
    pool.anybody.verify_user_attribute(**token, AttributeName="email", Code=pool.code_for(address))
    after = attributes_of(pool, token)

    assert [one["AttributeName"] for one in sent["CodeDeliveryDetailsList"]] == ["email"]
    assert (before["email"], before["email_verified"], before["name"]) == (ANNA, "true", "Anna")
    assert refused == "UserNotFoundException"
    assert (after["email"], after["email_verified"]) == (address, "true")
    assert pool.sign_in(address)["AccessToken"]


@pytest.mark.parametrize("first", [[], ["email"]], ids=["at once", "verified first"])
def test_a_code_for_one_address_verifies_no_other(make_pool: Callable[..., Pool], first: list[str]) -> None:
    pool = make_pool(**EMAIL, UserAttributeUpdateSettings={"AttributesRequireVerificationBeforeUpdate": first})
    pool.make_user(ANNA, email_verified="true")
    token = token_of(pool, ANNA)
    for _ in range(REQUESTS_AN_HOUR):
        pool.anybody.get_user_attribute_verification_code(**token, AttributeName="email")
    before, code = attributes_of(pool, token), pool.code_for(ANNA)

    changed = error_of(pool.anybody.update_user_attributes, **token, **written(email=BOB, name="Bob"))
    unchanged = attributes_of(pool, token)
    pool.administrator.admin_update_user_attributes(UserPoolId=pool.pool_id, Username=ANNA, **written(email=BOB))
    verified = error_of(pool.anybody.verify_user_attribute, **token, AttributeName="email", Code=code)

    assert (changed, verified) == ("LimitExceededException", "ExpiredCodeException")
    assert unchanged == before


def test_a_changed_address_is_verified_by_its_code_and_signs_in(pool: Pool) -> None:
    pool.make_user(ANNA, email_verified="true")
    token, address = token_of(pool, ANNA), "new@example.com"

    sent = pool.anybody.update_user_attributes(**token, **written(email=address))
    changed = attributes_of(pool, token)
    pool.anybody.verify_user_attribute(**token, AttributeName="email", Code=pool.code_for(address))

    assert [one["AttributeName"] for one in sent["CodeDeliveryDetailsList"]] == ["email"]
    assert (changed["email"], changed["email_verified"]) == (address, "false")
    assert attributes_of(pool, token)["email_verified"] == "true"
    assert pool.sign_in(address)["AccessToken"]
    assert error_of(pool.sign_in, username=ANNA) == "UserNotFoundException"


@pytest.mark.parametrize("address", [ANNA, "anna@example.com", "ANNA@EXAMPLE.COM"])
def test_nobody_takes_the_address_of_another_user(pool: Pool, address: str) -> None:
    pool.make_user(ANNA)
    token = token_of(pool, pool.make_user(BOB))

    told = error_of(pool.anybody.update_user_attributes, **token, **written(email=address))
    by_administrator = error_of(
        pool.administrator.admin_update_user_attributes,
        UserPoolId=pool.pool_id,
        Username=BOB,
        **written(email=address, email_verified="true"),
    )

    assert (told, by_administrator) == ("AliasExistsException", "AliasExistsException")
    assert attributes_of(pool, token)["email"] == BOB


def test_the_own_address_may_change_its_case(pool: Pool) -> None:
    token = token_of(pool, pool.make_user(ANNA))

    assert error_of(pool.anybody.update_user_attributes, **token, **written(email="anna@example.com")) == ""
    assert attributes_of(pool, token)["email"] == "anna@example.com"


def test_a_case_sensitive_pool_lets_addresses_differ_in_case(make_pool: Callable[..., Pool]) -> None:
    pool = make_pool(**EMAIL, **EXACT_CASE)
    pool.make_user(ANNA)
    token = token_of(pool, pool.make_user(BOB))

    assert error_of(pool.anybody.update_user_attributes, **token, **written(email="anna@example.com")) == ""


@pytest.mark.parametrize("address", ["", "anna", "a b@example.com", "a@example.com\r\nBcc: b@example.com", *UNSEEN])
def test_what_is_no_address_is_refused(pool: Pool, address: str) -> None:
    token = token_of(pool, pool.make_user(ANNA))

    told = error_of(pool.anybody.update_user_attributes, **token, **written(email=address))

    assert told == "InvalidParameterException"


@pytest.mark.parametrize("address", UNSEEN)
def test_nobody_gets_a_name_with_characters_that_cannot_be_seen(make_pool: Callable[..., Pool], address: str) -> None:
    pool, by_alias = make_pool(**EMAIL), make_pool(AliasAttributes=["preferred_username"])
    pool.make_user(ANNA)
    by_alias.make_user("anna")

    told = [
        error_of(pool.sign_up, username=address),
        error_of(
            pool.administrator.admin_update_user_attributes,
            UserPoolId=pool.pool_id,
            Username=ANNA,
            **written(email=address),
        ),
        error_of(
            by_alias.administrator.admin_update_user_attributes,
            UserPoolId=by_alias.pool_id,
            Username="anna",
            **written(preferred_username=address),
        ),
    ]

    assert told == ["InvalidParameterException"] * 3


@pytest.mark.parametrize("address", ["zoë@example.com", "o'neill+pizza@exämple.com", "アンナ@例え.jp"])
def test_an_address_may_have_letters_of_any_language(pool: Pool, address: str) -> None:
    token = token_of(pool, pool.make_user(ANNA))

    assert error_of(pool.anybody.update_user_attributes, **token, **written(email=address)) == ""


@pytest.mark.parametrize("name", ["email", "sub"])
def test_what_somebody_signs_in_with_is_not_deleted(pool: Pool, name: str) -> None:
    token = token_of(pool, pool.make_user(ANNA))

    assert error_of(pool.anybody.delete_user_attributes, **token, UserAttributeNames=[name])
    assert pool.sign_in(ANNA)["AccessToken"]


@pytest.mark.parametrize("name", ["phone_number", "name", "sub"])
def test_only_an_address_that_is_there_gets_a_code(pool: Pool, name: str) -> None:
    token = token_of(pool, pool.make_user(ANNA))

    told = error_of(pool.anybody.get_user_attribute_verification_code, **token, AttributeName=name)

    assert told == "InvalidParameterException"
