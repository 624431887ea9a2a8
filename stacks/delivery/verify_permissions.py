"""Permission to confirm the customer who verifies a deployment: nobody reads the mailed code."""

from stacks.delivery.environment_resources import Scope
from stacks.iam import Statement, allow


def verify_permissions(scope: Scope) -> list[Statement]:
    """Return the permission to confirm a sign-up.

    The customer does all other steps, also the removal of the account.
    """
    return [
        allow(
            ["cognito-idp:AdminConfirmSignUp"],
            resources=[scope.arn("cognito-idp", "userpool/*")],
            conditions=scope.if_tagged("aws:ResourceTag"),
        )
    ]
