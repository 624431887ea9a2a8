"""Permission to confirm the customer who verifies a deployment: nobody reads their code."""

from stacks.delivery.scope import Scope
from stacks.iam import Statement, allow


def verifying(scope: Scope) -> list[Statement]:
    """Confirming a sign-up. Everything else the customer does alone, also the end of the account."""
    return [
        allow(
            ["cognito-idp:AdminConfirmSignUp"],
            resources=[scope.arn("cognito-idp", "userpool/*")],
            conditions=scope.tagged("aws:ResourceTag"),
        )
    ]
