"""The port Identity on MiniStack's IAM and STS: the principal of a key, and its permissions."""

import secrets
import threading
import time

from ministack.core import iam_evaluator
from ministack.services import iam, sts

from emulator.ministack.account import ACCOUNT_ID
from emulator.ministack.administrator_keys import Keys, make_keys
from emulator.principals import Credentials, RoleRefused

Policies = list[list[iam_evaluator.ParsedStatement]]
SESSION_SECONDS = 3600
RENEW_SECONDS = 600


class EmulatedIdentity:
    """Implements emulator.principals.Identity with MiniStack's own stores."""

    def __init__(self, keys: Keys, *, region: str) -> None:
        self.administrator = Credentials(
            access_key_id=keys.access_key_id,
            secret_access_key=keys.secret_access_key,
            arn=f"arn:aws:iam::{ACCOUNT_ID}:root",
        )
        self._region = region
        self._sessions: dict[tuple[str, str], tuple[float, Credentials]] = {}
        self._lock = threading.Lock()

    def assume_for_service(self, role_arn: str, *, service: str) -> Credentials:
        """Assume the role as the service, in a session renewed in time; raises RoleRefused."""
        self.require_trust(role_arn, service=service)
        with self._lock:
            expiry, credentials = self._sessions.get((role_arn, service), (0.0, None))
            if credentials is None or expiry - time.time() < RENEW_SECONDS:
                expiry = time.time() + SESSION_SECONDS
                credentials = self.start_session(role_arn, name=service.partition(".")[0], seconds=SESSION_SECONDS)
                self._sessions[role_arn, service] = (expiry, credentials)
            return credentials

    def find(self, access_key_id: str) -> Credentials | None:
        """Return the secret and the principal of a key; None for MiniStack's own master keys."""
        if access_key_id == self.administrator.access_key_id:
            return self.administrator
        if iam_evaluator.is_root_access_key(access_key_id):
            return None
        account_id = iam_evaluator.find_iam_access_key_account(access_key_id) or ACCOUNT_ID
        found = iam_evaluator.resolve_credential(access_key_id, account_id)
        if isinstance(found, iam_evaluator.CredentialResolutionError):
            return None
        return Credentials(
            access_key_id=access_key_id,
            secret_access_key=found.secret_access_key,
            session_token=found.session_token,
            arn=found.principal_arn,
        )

    def is_allowed(self, arn: str, *, action: str, resource: str) -> bool:
        """Decide as IAM in one account: by the policies of principal, resource and boundary."""
        if arn == self.administrator.arn:
            return True
        context = iam_evaluator.EvalContext(
            principal_arn=arn,
            principal_type="User" if ":user/" in arn else "AssumedRole",
            principal_account=ACCOUNT_ID,
            action=action,
            resource_arn=resource,
            region=self._region,
        )
        policies, limits = _policies_of(arn)
        result = iam_evaluator.evaluate(context, policies, *limits)
        resource_policy = iam_evaluator._resource_policy(action.partition(":")[0], resource)
        if resource_policy is not None:
            result = iam_evaluator.combine_resource_policy(result, context, *resource_policy, limits=limits)
        return bool(result.decision == "Allow")

    def require_trust(self, role_arn: str, *, service: str) -> None:
        """Raise RoleRefused unless the role exists and its trust policy admits the service."""
        role = iam._roles.get_scoped(ACCOUNT_ID, None, role_arn.rsplit("/", 1)[-1])
        if role is None or role["Arn"] != role_arn:
            raise RoleRefused(f"{service} cannot take {role_arn}: there is no such role")
        context = iam_evaluator.EvalContext(
            principal_arn=service,
            principal_type="Service",
            principal_account=ACCOUNT_ID,
            action="sts:AssumeRole",
            resource_arn=role_arn,
            region=self._region,
            service_context={"aws:sourceaccount": ACCOUNT_ID},
        )
        trust = iam_evaluator.evaluate_resource_policy(role["AssumeRolePolicyDocument"], context, service=service)
        if trust.decision != "Allow":
            raise RoleRefused(f"{service} cannot take {role_arn}: its trust policy doesn't admit that service")

    def start_session(self, role_arn: str, *, name: str, seconds: int | None) -> Credentials:
        """Return keys of a new session of the role, which MiniStack's IAM enforces; None seconds never expires."""
        role_name, pair = role_arn.rsplit("/", 1)[-1], make_keys()
        credentials = Credentials(
            access_key_id="ASIA" + pair.access_key_id[4:],
            secret_access_key=pair.secret_access_key,
            session_token=secrets.token_urlsafe(48),
            arn=f"arn:aws:sts::{ACCOUNT_ID}:assumed-role/{role_name}/{name}",
        )
        session = {
            "Arn": credentials.arn,
            "UserId": f"{role_name}:{name}",
            "SecretAccessKey": credentials.secret_access_key,
            "SessionToken": credentials.session_token,
        }
        sts.register_session(
            credentials.access_key_id, session | ({"Expiration": time.time() + seconds} if seconds else {})
        )
        return credentials


def _policies_of(arn: str) -> tuple[Policies, list[Policies]]:
    """Return the identity policies of a role, a session or a user, limited by its boundary."""
    name = arn.split("/")[1] if ":assumed-role/" in arn else arn.rsplit("/", 1)[-1]
    if ":user/" in arn:
        return (
            iam_evaluator._gather_user_policies(name, ACCOUNT_ID),
            iam_evaluator._permissions_boundary(iam._users, name, ACCOUNT_ID),
        )
    return (
        iam_evaluator._gather_role_policies(name, ACCOUNT_ID),
        iam_evaluator._permissions_boundary(iam._roles, name, ACCOUNT_ID),
    )
