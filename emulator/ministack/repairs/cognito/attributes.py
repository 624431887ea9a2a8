"""A customer writes only attributes that the client may write, and never another user's name.

AWS: a client writes the attributes that it lists, or all standard ones, but never `sub` or what
says that an address is verified. An immutable attribute never changes. Where the e-mail address is
the user name, a second user with the same one is AliasExistsException. A changed address is
unverified, and gets a code. Where the pool wants it verified first, the old one stays until then.
MiniStack: stores what comes. A customer becomes another one by writing `sub`, adds claims to
tokens, or takes an address that is in use. What is null, or an attribute without a value, is a
failure. So is a member that only other operations have, when it isn't of their type.
Source: Amazon Cognito Developer Guide, "Working with user attributes"; API reference,
UpdateUserAttributes and UserAttributeUpdateSettingsType. What an attribute may hold that users sign
in with is the pattern of a Username, in the service's model.
"""

from collections.abc import Callable
from typing import Any

from ministack.core.responses import json_response
from ministack.services import cognito

from emulator.ministack.guard.service_input import has_pattern_of, own_members
from emulator.ministack.repairs.cognito.access_tokens import owner_of
from emulator.ministack.repairs.cognito.codes import set_attributes
from emulator.ministack.repairs.cognito.refusals import Refused
from emulator.ministack.repairs.cognito.username_case import are_the_same, one_at_a_time_by
from emulator.ministack.repairs.patching import RepairContext, replace

Data = dict[str, Any]
STANDARD = frozenset(cognito._STANDARD_ATTRIBUTES_BY_NAME)
NEVER_WRITTEN = frozenset({"sub", "email_verified", "phone_number_verified"})
# The address of a user that is to become theirs once its code is entered.
AWAITED = "_awaited_email"
UNAUTHORIZED = ("NotAuthorizedException", "A client attempted to write unauthorized attribute")


def apply(_context: RepairContext) -> None:
    """Look at what is written before it is stored."""
    replace(cognito, "_run_idp_handler", _with_its_members)
    replace(cognito, "_sign_up", _signing_up)
    replace(cognito, "_update_user_attributes", _updating)
    replace(cognito, "_admin_create_user", _creating)
    replace(cognito, "_admin_update_user_attributes", _updating_as_administrator)
    for name in ("_update_user_attributes", "_admin_update_user_attributes"):
        replace(cognito, name, one_at_a_time_by(_new_address))


def _with_its_members(original: Callable[..., Any]) -> Callable[..., Any]:
    """Leave out what is null or not the operation's, and give an attribute without a value the empty one."""

    def run(handler: Callable[..., Any], action: str, data: Data) -> Any:
        own = own_members("cognito-idp", action, data)
        given = {name: value for name, value in own.items() if value is not None}
        if attributes := given.get("UserAttributes"):
            given["UserAttributes"] = [{**one, "Value": one.get("Value") or ""} for one in attributes]
        return original(handler, action, given)

    return run


def _new_address(data: Data) -> Any:
    return cognito._attr_list_to_dict(data.get("UserAttributes") or []).get("email")


def require_writable(pool: Data, client_id: Any, names: set[str]) -> None:
    """Check that a client may write these attributes; raises Refused."""
    client = pool["_clients"].get(client_id) or {}
    if names - (set(client.get("WriteAttributes") or STANDARD) - NEVER_WRITTEN):
        raise Refused(*UNAUTHORIZED)


def require_free(pool: Data, user: Data | None, attributes: Data, *, refusal: str = "AliasExistsException") -> None:
    """Check that the user may sign in with these attributes, and no other user does; raises Refused."""
    for name in attributes.keys() & _names_of_users(pool):
        if attributes[name] and not has_pattern_of("cognito-idp", "UsernameType", attributes[name]):
            raise Refused("InvalidParameterException", f"Invalid {name.replace('_', ' ')} format.")
        for other in list(pool["_users"].values()):
            value = cognito._attr_list_to_dict(other.get("Attributes", [])).get(name)
            if other is not user and value is not None and are_the_same(pool, value, attributes[name]):
                words = name.replace("_", " ")
                raise Refused(refusal, f"An account with the given {words} already exists.")


def _names_of_users(pool: Data) -> set[str]:
    aliases = set(pool.get("AliasAttributes") or []) & {"preferred_username"}
    return set(pool.get("UsernameAttributes") or []) | aliases


def require_mutable(pool: Data, user: Data, attributes: Data) -> None:
    """Check that these attributes of a user may change to these values; raises Refused."""
    schema = _schema(pool)
    for name, value in attributes.items():
        _require_known(schema, name)
        if not schema[name]["Mutable"]:
            raise Refused("InvalidParameterException", f"user.{name}: Attribute cannot be updated.")
        if name == "email" and not cognito._USERNAME_EMAIL_RE.fullmatch(value):
            raise Refused("InvalidParameterException", "Invalid email address format.")
    require_free(pool, user, attributes)


def _schema(pool: Data) -> Data:
    return {one["Name"]: one for one in cognito._ensure_schema_attributes(pool)["SchemaAttributes"]}


def _require_known(schema: Data, name: str) -> None:
    if name not in schema:
        told = f"Attributes did not conform to the schema: {name}: Attribute does not exist in the schema."
        raise Refused("InvalidParameterException", told)


def _without_empty_names(pool: Data | None, data: Data) -> Data:
    """Leave out what users sign in with and is empty: the user name becomes it, as if it weren't there."""
    names = _names_of_users(pool) if pool else set()
    given = data.get("UserAttributes") or []
    return {**data, "UserAttributes": [one for one in given if one.get("Value") or one.get("Name") not in names]}


def _signing_up(original: Callable[..., Any]) -> Callable[..., Any]:
    def sign_up(data: Data) -> Any:
        pool = cognito._pool_for_client(data["ClientId"])[0]
        data = _without_empty_names(pool, data)
        attributes = cognito._attr_list_to_dict(data.get("UserAttributes") or [])
        if pool is not None:
            require_writable(pool, data["ClientId"], attributes.keys() - {"sub"})  # MiniStack refuses that one
            require_free(pool, None, attributes, refusal="UsernameExistsException")
        return original(data)

    return sign_up


def _updating(original: Callable[..., Any]) -> Callable[..., Any]:
    def update(data: Data) -> Any:
        user, pool = owner_of(data)
        new = cognito._attr_list_to_dict(data["UserAttributes"])
        require_writable(pool, cognito._token_claims(data["AccessToken"]).get("client_id"), set(new))
        require_mutable(pool, user, new)
        old = cognito._attr_list_to_dict(user.get("Attributes", []))
        changed = {name for name in ("email", "phone_number") if name in new and new[name] != old.get(name)}
        later = changed & {"email"} & verified_first(pool)
        sent = []
        if "email" in changed and "email" in pool.get("AutoVerifiedAttributes", []):
            sent.append(send_code(pool, user, new["email"]))  # first: who asked for too many changes nothing
        if "email" in new:
            user[AWAITED] = new["email"] if later else None
        given = [one for one in data["UserAttributes"] if one["Name"] not in later]
        answer = original({**data, "UserAttributes": given})
        set_attributes(user, **{f"{name}_verified": "false" for name in changed - later})
        return json_response({"CodeDeliveryDetailsList": sent}) if sent else answer

    return update


def verified_first(pool: Data) -> set[str]:
    """Return the attributes that keep their old value until a code verifies the new one."""
    settings = pool.get("UserAttributeUpdateSettings") or {}
    return set(settings.get("AttributesRequireVerificationBeforeUpdate") or [])


def address_to_verify(user: Data) -> str:
    """Return the address that a code of the user's verifies: the one that awaits it, else the one that they have."""
    return str(user.get(AWAITED) or cognito._attr_list_to_dict(user["Attributes"]).get("email", ""))


def send_code(pool: Data, user: Data, address: str) -> Data:
    """Send a code for an address that is, or is to become, the user's; returns where it went."""
    attributes = cognito._attr_list_to_dict(user["Attributes"]) | {"email": address}
    cognito._send_verification_email(pool, user["Username"], attributes, "")
    masked = cognito._masked_destination(address)
    return {"Destination": masked, "DeliveryMedium": "EMAIL", "AttributeName": "email"}


def _creating(original: Callable[..., Any]) -> Callable[..., Any]:
    def create(data: Data) -> Any:
        pool = cognito._user_pools.get(data.get("UserPoolId"))
        if pool is not None:
            data = _without_empty_names(pool, data)
            attributes = cognito._attr_list_to_dict(data["UserAttributes"])
            for name in attributes:
                _require_known(_schema(pool), name)
            known = cognito._resolve_user(pool, data.get("Username"))[0]  # an invitation that is sent again
            require_free(pool, known, attributes, refusal="UsernameExistsException")
        return original(data)

    return create


def _updating_as_administrator(original: Callable[..., Any]) -> Callable[..., Any]:
    def update(data: Data) -> Any:
        pool = cognito._user_pools.get(data.get("UserPoolId"))
        user = cognito._resolve_user(pool, data.get("Username"))[0] if pool else None
        if user is not None:
            require_mutable(pool, user, cognito._attr_list_to_dict(data.get("UserAttributes") or []))
        return original(data)

    return update
