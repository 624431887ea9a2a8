"""Require a confirmation before anybody orders in a protected environment."""

from environments.settings import Settings
from environments.user_error import UserError


def require_confirmation(settings: Settings, *, confirmed: bool, command: str) -> None:
    """Raise UserError where orders may be placed only by somebody who said so."""
    if settings.removal_protection and not confirmed:
        name = settings.environment
        raise UserError(
            f"{name} is protected, and this places orders in it that are charged:"
            f" make {command} ENV={name} CONFIRM=yes does it"
        )
