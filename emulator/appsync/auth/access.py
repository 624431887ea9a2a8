"""The access of one caller to one API."""

from collections.abc import Iterable

from emulator.appsync.auth.callers import Caller
from emulator.appsync.auth.directives import FieldRules
from emulator.appsync.deployment import AuthMode
from emulator.appsync.errors import RequestRefused, not_authorized
from emulator.principals import Identity


class Access:
    """The access decisions of one request.

    For signed callers, IAM policies decide once for the request. For all callers, directives decide
    for each field, which is remembered.
    """

    def __init__(self, caller: Caller, *, rules: FieldRules, identity: Identity, api_arn: str) -> None:
        self._caller = caller
        self._rules = rules
        self._identity = identity
        self._api_arn = api_arn
        self._decided: dict[tuple[str, str], bool] = {}

    def permit(self, type_name: str, field_names: Iterable[str]) -> None:
        """Raise RequestRefused unless a signed caller's policies allow all top-level fields of a request.

        The authorization mode refuses with a 401 (re:Post knowledge center, "Unauthorized errors in
        AppSync"); the wording is from aws-amplify/amplify-category-api#2457.
        """
        if self._caller.mode is not AuthMode.IAM:
            return
        for name in field_names:
            resource = f"{self._api_arn}/types/{type_name}/fields/{name}"
            if not self._identity.is_allowed(self._caller.arn or "", action="appsync:GraphQL", resource=resource):
                raise RequestRefused(401, "UnauthorizedException", "Permission denied")

    def require(self, type_name: str, field_name: str) -> None:
        """Raise FieldFailed for a field that the caller may not read."""
        place = (type_name, field_name)
        admitted = self._decided.get(place)
        if admitted is None:
            admitted = self._decided[place] = self._rules.admit(self._caller, type_name, field_name)
        if not admitted:
            raise not_authorized(type_name, field_name)
