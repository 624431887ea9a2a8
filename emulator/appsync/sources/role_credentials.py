"""The credentials of data sources."""

import time
from collections.abc import Callable

from emulator.appsync.errors import FieldFailed
from emulator.principals import Credentials, Identity, RoleRefused

_SERVICE = "appsync.amazonaws.com"
_KEEP_SECONDS = 5.0  # so a changed trust policy applies as soon as any other change


class Roles:
    """Assumes the data sources' roles, as AppSync does before each request."""

    def __init__(self, identity: Identity, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._identity = identity
        self._clock = clock
        self._taken: dict[str, tuple[float, Credentials]] = {}

    def take(self, role_arn: str | None, *, data_source: str) -> Credentials:
        """Return credentials of the role; raises FieldFailed if AppSync may not assume it."""
        if role_arn is None:
            raise FieldFailed(f"The data source {data_source} has no service role.", "AccessDeniedException")
        taken = self._taken.get(role_arn)
        if taken is None or self._clock() - taken[0] > _KEEP_SECONDS:
            try:
                credentials = self._identity.assume_for_service(role_arn, service=_SERVICE)
            except RoleRefused as error:
                self._taken.pop(role_arn, None)
                raise FieldFailed(str(error), "AccessDeniedException") from error
            taken = self._taken[role_arn] = (self._clock(), credentials)
        return taken[1]
