"""Decides which callers may read a field: by @aws_* directives, else by the default mode."""

from collections.abc import Iterable

from graphql import DirectiveNode, ListValueNode, StringValueNode

from emulator.appsync.auth.callers import Caller
from emulator.appsync.deployment import AuthMode
from emulator.appsync.schema import Directives

_MODES = {
    "aws_api_key": AuthMode.API_KEY,
    "aws_iam": AuthMode.IAM,
    "aws_cognito_user_pools": AuthMode.COGNITO,
    "aws_auth": AuthMode.COGNITO,
}
_OTHERS = ("aws_oidc", "aws_lambda")  # modes not served here; they replace the default mode too
Rule = dict[AuthMode, frozenset[str] | None]  # mode to its allowed groups, None for all callers


class FieldRules:
    """The rules of one schema.

    A field's directive beats its type's, and both beat the default mode.
    """

    def __init__(self, directives: Directives, *, default_mode: AuthMode, default_action: str = "ALLOW") -> None:
        self._rules = {place: rule for place, found in directives.items() if (rule := _rule(found)) is not None}
        allowed = default_mode is not AuthMode.COGNITO or default_action == "ALLOW"
        self._default: Rule = {default_mode: None} if allowed else {}

    def admit(self, caller: Caller, type_name: str, field_name: str) -> bool:
        """Return True if the caller may read the field of the type."""
        rule = self._rules.get((type_name, field_name))
        if rule is None:
            rule = self._rules.get((type_name, None), self._default)
        if caller.mode not in rule:
            return False
        groups = rule[caller.mode]
        return groups is None or not groups.isdisjoint(caller.groups)


def _rule(directives: Iterable[DirectiveNode]) -> Rule | None:
    """Return the rule in the directives, or None when none of them is about authorization."""
    found = [d for d in directives if d.name.value in _MODES or d.name.value in _OTHERS]
    if not found:
        return None
    return {_MODES[d.name.value]: _groups(d) for d in found if d.name.value in _MODES}


def _groups(directive: DirectiveNode) -> frozenset[str] | None:
    for argument in directive.arguments:
        if argument.name.value == "cognito_groups":
            value = argument.value
            items = value.values if isinstance(value, ListValueNode) else (value,)
            return frozenset(item.value for item in items if isinstance(item, StringValueNode))
    return None
