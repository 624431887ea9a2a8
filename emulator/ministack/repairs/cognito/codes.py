"""Codes that go out by mail are random, good once and for a while, and few attempts are allowed.

AWS: sends six random digits. A confirmation code is good for 24 hours, a reset code for one; then
it is ExpiredCodeException. After a few wrong codes every entry is LimitExceededException for a
while. A confirmed sign-up verifies the address.
MiniStack: the codes are the constants 123456 and 654321, good for ever, with any number of
attempts.
Source: Amazon Cognito Developer Guide, "Quotas in Amazon Cognito", "Recovering user accounts", and
"Signing up and confirming user accounts".
"""

import time
from collections.abc import Callable
from typing import Any

from ministack.services import cognito

from emulator.ministack import one_time_codes
from emulator.ministack.one_time_codes import (
    CONFIRMATION,
    RESET,
    VERIFICATION,
    NoCode,
    Purpose,
    TooManyAttempts,
    WrongCode,
)
from emulator.ministack.repairs.cognito.refusals import Refused
from emulator.ministack.repairs.patching import RepairContext, replace

Data = dict[str, Any]
PURPOSES = {"ConfirmSignUp": CONFIRMATION, "ConfirmForgotPassword": RESET}
LIMIT_EXCEEDED = ("LimitExceededException", "Attempt limit exceeded, please try after some time.")
EXPIRED = ("ExpiredCodeException", "Invalid code provided, please request a code again.")
MISMATCH = ("CodeMismatchException", "Invalid verification code provided, please try again.")


def use_code(user: Data, purpose: Purpose, entered: str, *, address: str) -> None:
    """Use up the code that was sent to a user's address; raises Refused."""
    try:
        one_time_codes.use_code(user, purpose, entered, to=address, now=time.time())
    except TooManyAttempts as error:
        raise Refused(*LIMIT_EXCEEDED) from error
    except NoCode as error:
        raise Refused(*EXPIRED) from error
    except WrongCode as error:
        raise Refused(*MISMATCH) from error


def apply(_context: RepairContext) -> None:
    """Send random codes, and accept no others."""
    replace(cognito, "_send_verification_email", _with_a_new_code)
    replace(cognito, "_confirmation_code_error", _using_it_up)
    replace(cognito, "_resend_confirmation_code", _to_the_unconfirmed)
    replace(cognito, "_confirm_sign_up", _verifying_the_address)


def _with_a_new_code(original: Callable[..., Any]) -> Callable[..., Any]:
    def send(pool: Data, username: str, attributes: Data, _constant: str, attribute_name: str = "email") -> Any:
        user = next(user for user in list(pool["_users"].values()) if _sub(user) == attributes["sub"])
        verifying = CONFIRMATION if user["UserStatus"] == "UNCONFIRMED" else VERIFICATION
        purpose = RESET if attribute_name == "password" else verifying
        try:
            code = one_time_codes.issue(user, purpose, to=attributes.get("email", ""), now=time.time())
        except TooManyAttempts as error:
            raise Refused(*LIMIT_EXCEEDED) from error
        return original(pool, username, attributes, code, attribute_name=attribute_name)

    return send


def _using_it_up(_original: Callable[..., Any]) -> Callable[..., Any]:
    def error(action: str, data: Data) -> Any:
        purpose = PURPOSES.get(action)
        pool = cognito._pool_for_client(data.get("ClientId"))[0]
        user = cognito._resolve_user(pool, data.get("Username"))[0] if purpose and pool else None
        if purpose is None or user is None:
            return None  # the operation itself reports it
        if purpose is CONFIRMATION and user["UserStatus"] != "UNCONFIRMED":
            status = f"User cannot be confirmed. Current status is {user['UserStatus']}"
            raise Refused("NotAuthorizedException", status)
        if purpose is RESET and (refused := cognito._validate_password(pool, data["Password"])):
            return refused
        address = cognito._attr_list_to_dict(user["Attributes"]).get("email", "")
        use_code(user, purpose, data["ConfirmationCode"], address=address)
        return None

    return error


def _to_the_unconfirmed(original: Callable[..., Any]) -> Callable[..., Any]:
    def resend(data: Data) -> Any:
        pool = cognito._pool_for_client(data["ClientId"])[0]
        user = cognito._resolve_user(pool, data["Username"])[0] if pool else None
        if user is not None and user["UserStatus"] != "UNCONFIRMED":
            raise Refused("InvalidParameterException", "User is already confirmed.")
        return original(data)

    return resend


def _verifying_the_address(original: Callable[..., Any]) -> Callable[..., Any]:
    def confirm(data: Data) -> Any:
        answer = original(data)
        pool = cognito._pool_for_client(data["ClientId"])[0]
        user = cognito._resolve_user(pool, data["Username"])[0] if pool else None
        if answer[0] == 200 and user is not None and "email" in pool.get("AutoVerifiedAttributes", []):
            set_attributes(user, email_verified="true")
        return answer

    return confirm


def set_attributes(user: Data, **values: str) -> None:
    """Set these attributes of a user."""
    user["Attributes"] = cognito._merge_attributes(user["Attributes"], cognito._dict_to_attr_list(values))


def _sub(user: Data) -> Any:
    return cognito._attr_list_to_dict(user.get("Attributes", [])).get("sub")
