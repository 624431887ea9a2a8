"""The operations for signed-in users that MiniStack lacks.

AWS: a signed-in user verifies an address with a code, deletes attributes, and lists devices and
passkeys.
MiniStack: "Unknown Cognito IDP action". It remembers no device and registers no passkey. So these
are answered as AWS answers a user who has none.
Source: Amazon Cognito API reference, operations with `AccessToken`; for a device that isn't there,
aws/aws-sdk-net#1055 and boto/boto3#4059.
"""

from collections.abc import Callable
from typing import Any

from ministack.core.concurrency import run_reentrant
from ministack.core.iam_actions import unsigned_operations
from ministack.core.responses import json_response
from ministack.services import cognito

from emulator.ministack.one_time_codes import VERIFICATION
from emulator.ministack.repairs.cognito.access_tokens import owner_of
from emulator.ministack.repairs.cognito.attributes import (
    AWAITED,
    NEVER_WRITTEN,
    address_to_verify,
    require_free,
    require_writable,
    send_code,
)
from emulator.ministack.repairs.cognito.codes import set_attributes, use_code
from emulator.ministack.repairs.cognito.refusals import Refused
from emulator.ministack.repairs.patching import RepairContext, replace

Data = dict[str, Any]
Operation = Callable[[Data], Any]
NO_DEVICE = ("ResourceNotFoundException", "Device does not exist.")
NO_PASSKEYS = ("WebAuthnNotEnabledException", "Passkeys are not enabled for this user pool.")


def get_user_attribute_verification_code(data: Data) -> Any:
    """Send a code to the user's e-mail address, the only attribute that can be verified here."""
    user, pool = owner_of(data)
    address = address_to_verify(user)
    if data["AttributeName"] != "email" or not address:
        raise Refused(
            "InvalidParameterException", f"The user has no {data['AttributeName']} that a code can be sent to."
        )
    return json_response({"CodeDeliveryDetails": send_code(pool, user, address)})


def verify_user_attribute(data: Data) -> Any:
    """Check the code for the user's e-mail address, and make the waiting address theirs."""
    user, pool = owner_of(data)
    if data["AttributeName"] != "email":
        raise Refused("InvalidParameterException", f"{data['AttributeName']} can't be verified by a code.")
    address = address_to_verify(user)
    use_code(user, VERIFICATION, data["Code"], address=address)
    require_free(pool, user, {"email": address})
    user[AWAITED] = None
    set_attributes(user, email=address, email_verified="true")
    return json_response({})


def delete_user_attributes(data: Data) -> Any:
    """Delete attributes of the user, except those with which the user signs in."""
    user, pool = owner_of(data)
    names = set(data["UserAttributeNames"])
    require_writable(pool, cognito._token_claims(data["AccessToken"]).get("client_id"), names)
    required = {one["Name"] for one in cognito._ensure_schema_attributes(pool)["SchemaAttributes"] if one["Required"]}
    if kept := names & (required | set(pool.get("UsernameAttributes") or [])):
        raise Refused("InvalidParameterException", f"Required attributes can't be deleted: {', '.join(sorted(kept))}")
    gone = names | {f"{name}_verified" for name in names} & NEVER_WRITTEN
    user["Attributes"] = [one for one in user["Attributes"] if one["Name"] not in gone]
    return json_response({})


def get_user_auth_factors(data: Data) -> Any:
    """Return the user's way to sign in: a password."""
    user, _ = owner_of(data)
    factors = {"UserMFASettingList": user.get("_mfa_enabled", []), "ConfiguredUserAuthFactors": ["PASSWORD"]}
    return json_response({"Username": user["Username"], **factors})


def _empty(member: str) -> Operation:
    def answer(data: Data) -> Any:
        owner_of(data)
        return json_response({member: []})

    return answer


def _refusing(code: str, message: str) -> Operation:
    def refuse(data: Data) -> Any:
        owner_of(data)
        raise Refused(code, message)

    return refuse


ADDED: dict[str, Operation] = {
    "CompleteWebAuthnRegistration": _refusing(*NO_PASSKEYS),
    "ConfirmDevice": _refusing("InvalidParameterException", "Invalid device key given."),
    "DeleteUserAttributes": delete_user_attributes,
    "DeleteWebAuthnCredential": _refusing("ResourceNotFoundException", "Passkey does not exist."),
    "ForgetDevice": _refusing(*NO_DEVICE),
    "GetDevice": _refusing(*NO_DEVICE),
    "GetUserAttributeVerificationCode": get_user_attribute_verification_code,
    "GetUserAuthFactors": get_user_auth_factors,
    "ListDevices": _empty("Devices"),
    "ListWebAuthnCredentials": _empty("Credentials"),
    "SetUserSettings": _refusing("InvalidParameterException", "SMS is not configured for this user pool."),
    "StartWebAuthnRegistration": _refusing(*NO_PASSKEYS),
    "UpdateDeviceStatus": _refusing(*NO_DEVICE),
    "VerifyUserAttribute": verify_user_attribute,
}


def apply(_context: RepairContext) -> None:
    """Add the operations that MiniStack lacks, in the way in which it adds its own."""
    cognito._UNSIGNED_IDP_ACTIONS.update(unsigned_operations("cognito-idp"))

    def build(original: Callable[..., Any]) -> Callable[..., Any]:
        async def dispatch(action: str, data: Data) -> Any:
            if action not in ADDED:
                return await original(action, data)
            return await run_reentrant(
                cognito._run_idp_handler, ADDED[action], action, data, thread_name="ministack-cognito-trigger"
            )

        return dispatch

    replace(cognito, "_dispatch_idp", build)
