"""What one caller may see of one API."""

from collections.abc import Collection

from emulator.appsync.auth.callers import Caller
from emulator.appsync.auth.directives import FieldRules
from emulator.appsync.deployment import AuthMode
from emulator.appsync.errors import not_authorized
from emulator.principals import Identity


class Access:
    """Decides field by field, each once for a request: directives for all, IAM policies for signed callers."""

    def __init__(
        self, caller: Caller, *, rules: FieldRules, identity: Identity, api_arn: str, root_types: Collection[str]
    ) -> None:
        self._caller = caller
        self._rules = rules
        self._identity = identity
        self._api_arn = api_arn
        self._root_types = root_types
        self._decided: dict[tuple[str, str], bool] = {}

    def require(self, type_name: str, field_name: str) -> None:
        """Raise FieldFailed for a field that the caller may not see."""
        place = (type_name, field_name)
        admitted = self._decided.get(place)
        if admitted is None:
            admitted = self._decided[place] = self._decide(type_name, field_name)
        if not admitted:
            raise not_authorized(type_name, field_name)

    def _decide(self, type_name: str, field_name: str) -> bool:
        if not self._rules.admit(self._caller, type_name, field_name):
            return False
        if self._caller.mode is not AuthMode.IAM or type_name not in self._root_types:
            return True
        resource = f"{self._api_arn}/types/{type_name}/fields/{field_name}"
        return self._identity.is_allowed(self._caller.arn or "", action="appsync:GraphQL", resource=resource)
