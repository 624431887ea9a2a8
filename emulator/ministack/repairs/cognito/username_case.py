"""A pool that isn't case sensitive has one user for all spellings of a name.

AWS: with `CaseSensitive` false, capital and small letters are the same in user names, e-mail
addresses and `preferred_username`. That holds in every operation that takes a user name. A second
sign-up is UsernameExistsException.
MiniStack: stores the setting, but compares names exactly.
Two users whose names differ in case only can be in a state that was kept before this repair. Their
exact spelling still tells them apart.
Source: Amazon Cognito API reference, UsernameConfigurationType; CloudFormation,
AWS::Cognito::UserPool.
"""

import threading
from collections.abc import Callable
from typing import Any
from weakref import WeakValueDictionary

from ministack.services import cognito

from emulator.ministack.repairs.patching import RepairContext, replace

Data = dict[str, Any]
ALIASES = ("email", "preferred_username")
# One lock for each name that a call is about to take; a trigger may take another name meanwhile.
_locks: WeakValueDictionary[str, Any] = WeakValueDictionary()
_guard = threading.Lock()


def are_the_same(pool: Data, one: str, other: str) -> bool:
    """Return True if the pool takes two spellings for the same name."""
    is_case_sensitive = (pool.get("UsernameConfiguration") or {}).get("CaseSensitive", True)
    return one == other or (not is_case_sensitive and one.lower() == other.lower())


def one_at_a_time_by(name_of: Callable[[Data], Any]) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Lock a name between the check that it is free and its use."""

    def build(original: Callable[..., Any]) -> Callable[..., Any]:
        def run(data: Data) -> Any:
            with _guard:
                lock = _locks.setdefault(str(name_of(data)).lower(), threading.Lock())
            with lock:
                return original(data)

        return run

    return build


def apply(_context: RepairContext) -> None:
    """Find users by any spelling of their names."""
    replace(cognito, "_resolve_user", _in_any_case)
    replace(cognito, "_new_user_error", _of_one_spelling)
    replace(cognito, "_sign_up", _as_known(lambda data: cognito._pool_for_client(data.get("ClientId"))[0]))
    replace(cognito, "_admin_create_user", _as_known(lambda data: cognito._user_pools.get(data.get("UserPoolId"))))
    for name in ("_sign_up", "_admin_create_user"):
        replace(cognito, name, one_at_a_time_by(lambda data: data.get("Username")))


def _in_any_case(original: Callable[..., Any]) -> Callable[..., Any]:
    def resolve(pool: Data, username: Any) -> Any:
        users = dict(pool["_users"])  # a copy, to which no other thread adds meanwhile
        pool = {**pool, "_users": users}
        found = original(pool, username)
        if found[0] is not None or not isinstance(username, str):
            return found
        for user in users.values():
            attributes = cognito._attr_list_to_dict(user.get("Attributes", []))
            for name in (user["Username"], *(attributes[alias] for alias in ALIASES if alias in attributes)):
                if are_the_same(pool, name, username) and (other := original(pool, name))[0] is not None:
                    return other
        return found

    return resolve


def _of_one_spelling(original: Callable[..., Any]) -> Callable[..., Any]:
    def error(pool: Data, username: str, attributes: Data) -> Any:
        alias = cognito._username_alias_attribute(pool, username)
        if alias in attributes and are_the_same(pool, attributes[alias], username):
            attributes = {**attributes, alias: username}
        return original(pool, username, attributes)

    return error


def _as_known(pool_of: Callable[[Data], Data | None]) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Look a new name up by its existing spelling; a pool with aliases finds it by the alias."""

    def build(original: Callable[..., Any]) -> Callable[..., Any]:
        def run(data: Data) -> Any:
            pool, username = pool_of(data), data.get("Username")
            if pool is None or not isinstance(username, str) or pool.get("UsernameAttributes"):
                return original(data)
            known = username in pool["_users"]
            same = (name for name in list(pool["_users"]) if are_the_same(pool, name, username))
            return original(data if known else {**data, "Username": next(same, username)})

        return run

    return build
