"""Cognito user pools."""

from collections.abc import Sequence
from dataclasses import dataclass

from cdktf_cdktf_provider_aws.cognito_user_pool import (
    CognitoUserPool,
    CognitoUserPoolAccountRecoverySetting,
    CognitoUserPoolAccountRecoverySettingRecoveryMechanism,
    CognitoUserPoolPasswordPolicy,
    CognitoUserPoolUsernameConfiguration,
)
from cdktf_cdktf_provider_aws.cognito_user_pool_client import (
    CognitoUserPoolClient,
    CognitoUserPoolClientRefreshTokenRotation,
    CognitoUserPoolClientTokenValidityUnits,
)
from constructs import Construct

from stacks.components.protection import lifecycle

MINUTES, HOURS = "minutes", "hours"
# A client whose answer with the next refresh token was lost may ask again for so long: the longest that Cognito takes.
RETRY_SECONDS = 60


@dataclass(frozen=True)
class Tokens:
    """The lifetimes of a customer's tokens, and whether each refresh brings the next refresh token."""

    id_minutes: int
    access_minutes: int
    refresh_hours: int
    rotation: bool


class UserPool(Construct):
    """The customers, who sign in with their e-mail address, and the one public client they use."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        tokens: Tokens,
        admin_password_auth: bool,
        removal_protection: bool,
    ) -> None:
        """`admin_password_auth` lets whoever administers the account sign users in with their password."""
        super().__init__(scope, id_)
        by_email = CognitoUserPoolAccountRecoverySettingRecoveryMechanism(name="verified_email", priority=1)
        self._resource = CognitoUserPool(
            self,
            "Resource",
            name=name,
            username_attributes=["email"],
            username_configuration=CognitoUserPoolUsernameConfiguration(case_sensitive=False),
            auto_verified_attributes=["email"],
            account_recovery_setting=CognitoUserPoolAccountRecoverySetting(recovery_mechanism=[by_email]),
            password_policy=CognitoUserPoolPasswordPolicy(
                minimum_length=12,
                require_lowercase=True,
                require_numbers=True,
                require_symbols=False,
                require_uppercase=True,
                temporary_password_validity_days=7,
            ),
            deletion_protection="ACTIVE" if removal_protection else "INACTIVE",
            lifecycle=lifecycle(removal_protection),
        )
        self._client = CognitoUserPoolClient(
            self,
            "Client",
            name=f"{name}-client",
            user_pool_id=self.id,
            explicit_auth_flows=_flows(admin_password_auth, tokens),
            id_token_validity=tokens.id_minutes,
            access_token_validity=tokens.access_minutes,
            refresh_token_validity=tokens.refresh_hours,
            token_validity_units=[
                CognitoUserPoolClientTokenValidityUnits(id_token=MINUTES, access_token=MINUTES, refresh_token=HOURS)
            ],
            refresh_token_rotation=_rotation(tokens),
            generate_secret=False,
            prevent_user_existence_errors="ENABLED",
            enable_token_revocation=True,
        )

    @property
    def id(self) -> str:
        """The pool's id."""
        return str(self._resource.id)

    @property
    def client_id(self) -> str:
        """The id of the client, which has no secret."""
        return str(self._client.id)


def _flows(admin_password_auth: bool, tokens: Tokens) -> Sequence[str]:
    flows = {
        "ALLOW_ADMIN_USER_PASSWORD_AUTH": admin_password_auth,
        # Cognito takes GetTokensFromRefreshToken only where tokens rotate, and both where they don't.
        "ALLOW_REFRESH_TOKEN_AUTH": not tokens.rotation,
        "ALLOW_USER_SRP_AUTH": True,
    }
    return [flow for flow, is_allowed in flows.items() if is_allowed]


def _rotation(tokens: Tokens) -> list[CognitoUserPoolClientRefreshTokenRotation] | None:
    if not tokens.rotation:
        return None
    return [CognitoUserPoolClientRefreshTokenRotation(feature="ENABLED", retry_grace_period_seconds=RETRY_SECONDS)]
