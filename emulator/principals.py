"""Principals: their keys, and their permissions."""

from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, kw_only=True)
class Credentials:
    """A key pair and its principal."""

    access_key_id: str
    secret_access_key: str = field(repr=False)
    session_token: str | None = field(default=None, repr=False)
    arn: str


class RoleRefused(Exception):
    """The role doesn't exist, or its trust policy doesn't admit the service."""


class Identity(Protocol):
    """The part of IAM and STS that AWS services use; it answers from memory, on the event loop."""

    def assume_for_service(self, role_arn: str, *, service: str) -> Credentials:
        """Assume the role as `service` (such as appsync.amazonaws.com); raises RoleRefused."""
        ...

    def find(self, access_key_id: str) -> Credentials | None:
        """Return the secret and principal of a key; None for one that is unknown or has expired."""
        ...

    def is_allowed(self, arn: str, *, action: str, resource: str) -> bool:
        """Decide whether the principal's policies allow the action on the resource."""
        ...
