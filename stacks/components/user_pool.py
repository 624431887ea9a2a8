"""Cognito user pools."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from cdktf_cdktf_provider_aws.cognito_user_pool import (
    CognitoUserPool,
    CognitoUserPoolAccountRecoverySetting,
    CognitoUserPoolAccountRecoverySettingRecoveryMechanism,
    CognitoUserPoolEmailConfiguration,
    CognitoUserPoolPasswordPolicy,
    CognitoUserPoolUserAttributeUpdateSettings,
    CognitoUserPoolUsernameConfiguration,
    CognitoUserPoolUserPoolAddOns,
)
from cdktf_cdktf_provider_aws.cognito_user_pool_client import (
    CognitoUserPoolClient,
    CognitoUserPoolClientRefreshTokenRotation,
    CognitoUserPoolClientTokenValidityUnits,
)
from constructs import Construct

from stacks.components.deletion_protection import lifecycle

MINUTES, HOURS = "minutes", "hours"
OFF = "OFF"
# A client that lost the answer with its next refresh token may ask again for so long: Cognito's
# maximum.
RETRY_SECONDS = 60
# The public operations by which the pool sends a code by mail: those that answer with where it went
# (`CodeDeliveryDetails`).
MAILING_OPERATIONS = (
    "ForgotPassword",
    "GetUserAttributeVerificationCode",
    "ResendConfirmationCode",
    "SignUp",
    "UpdateUserAttributes",
)
# Those that take such a code: each is a guess at one. The code for a new password opens the account.
CODE_ENTERING_OPERATIONS = ("ConfirmForgotPassword", "ConfirmSignUp", "VerifyUserAttribute")


@dataclass(frozen=True)
class Tokens:
    """The lifetimes of a customer's tokens.

    With `rotation`, each refresh returns a new refresh token.
    """

    id_minutes: int
    access_minutes: int
    refresh_hours: int
    rotation: bool


@dataclass(frozen=True)
class Mail:
    """The sender of the codes: an identity's ARN in SES, and its address."""

    identity_arn: str
    address: str


class UserPool(Construct):
    """The customers, who sign in with their e-mail address, and the public client that they use."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        tokens: Tokens,
        admin_password_auth: bool,
        removal_protection: bool,
        threat_protection: str = OFF,
        mail: Mail | None = None,
    ) -> None:
        """Create the pool; `admin_password_auth` lets an administrator sign users in by password.

        `threat_protection` is OFF, AUDIT or ENFORCED. Without `mail`, Cognito's own sender is used,
        which sends few codes a day.
        """
        super().__init__(scope, id_)
        by_email = CognitoUserPoolAccountRecoverySettingRecoveryMechanism(name="verified_email", priority=1)
        self._resource = CognitoUserPool(
            self,
            "Resource",
            name=name,
            username_attributes=["email"],
            username_configuration=CognitoUserPoolUsernameConfiguration(case_sensitive=False),
            auto_verified_attributes=["email"],
            # The old address signs in and receives mail until the customer enters the new address's
            # code.
            user_attribute_update_settings=CognitoUserPoolUserAttributeUpdateSettings(
                attributes_require_verification_before_update=["email"]
            ),
            email_configuration=_sender(mail),
            user_pool_tier=None if threat_protection == OFF else "PLUS",
            user_pool_add_ons=(
                None
                if threat_protection == OFF
                else CognitoUserPoolUserPoolAddOns(advanced_security_mode=threat_protection)
            ),
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
            # The only attribute that a customer gives. Without a list, customers could write every
            # standard attribute.
            write_attributes=["email"],
            enable_token_revocation=True,
        )

    @cached_property
    def id(self) -> str:
        """The pool's id."""
        return str(self._resource.id)

    @cached_property
    def arn(self) -> str:
        """The pool's ARN, which carries the dependency on the pool."""
        return str(self._resource.arn)

    @cached_property
    def client_id(self) -> str:
        """The id of the client, which has no secret."""
        return str(self._client.id)


def _flows(admin_password_auth: bool, tokens: Tokens) -> Sequence[str]:
    flows = {
        "ALLOW_ADMIN_USER_PASSWORD_AUTH": admin_password_auth,
        # With rotation, Cognito allows GetTokensFromRefreshToken only; without it, this flow too.
        "ALLOW_REFRESH_TOKEN_AUTH": not tokens.rotation,
        "ALLOW_USER_SRP_AUTH": True,
    }
    return [flow for flow, is_allowed in flows.items() if is_allowed]


def _sender(mail: Mail | None) -> CognitoUserPoolEmailConfiguration | None:
    if mail is None:
        return None
    return CognitoUserPoolEmailConfiguration(
        email_sending_account="DEVELOPER", source_arn=mail.identity_arn, from_email_address=mail.address
    )


def _rotation(tokens: Tokens) -> list[CognitoUserPoolClientRefreshTokenRotation] | None:
    if not tokens.rotation:
        return None
    return [CognitoUserPoolClientRefreshTokenRotation(feature="ENABLED", retry_grace_period_seconds=RETRY_SECONDS)]
