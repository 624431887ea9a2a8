"""The limits on what one request may ask for: AppSync's own, and those that keep one client from slowing the others.

AppSync documents depth, resolvers, the time for a request and what a subscriber hears, but no limit on tokens.
graphql-java has 15,000, GraphQL Armor 1,000. Python is slow: the limits here are such that reading a query never holds
the event loop up for 100 ms, however the query is made.
"""

from collections.abc import Collection, Mapping
from typing import Any

from graphql import FieldNode
from graphql.pyutils import Path

from emulator.appsync.deployment import Deployment
from emulator.appsync.errors import FieldFailed, RequestRefused

# Measured: they take 20 ms to parse and 40 ms to validate at most. Introspection has 200 of them.
TOKENS_MAX = 1500
# Characters that are no tokens: those of strings take 0.2 µs each, those of short comments 0.7 µs.
QUERY_CHARACTERS_MAX = 50_000
# A resolver is handed all variables, which takes it 70 ms and more for a text of 1 MB.
BODY_MAX_BYTES = 256 * 1024
LEVELS_MAX = 75  # the greatest depth limit that an API can set; deeper ones would come to the end of Python's stack
PATHS_CHARACTERS_MAX = 100_000  # of the list of all selected fields, which resolvers see as ctx.info.selectionSetList
VISITS_MAX = 10_000  # of fields, while validation looks which of them can be merged
REQUEST_ERRORS_MAX = 20
VARIABLE_VALUES_MAX = 5000
JSON_VALUES_MAX = 20_000  # of any text; they take 30 ms to parse at most
_RESOLVERS_MAX = 10_000
_FIELDS_MAX = 50_000
_CHARACTERS_MAX = 5_000_000
_PUBLICATION_FIELDS_MAX = 5000
PUBLICATION_CHARACTERS_MAX = 240 * 1024  # AppSync fails to process more (guide, "Monitoring", InboundMessageError)
_ERRORS_MAX = 2000


class AnswerLimits:
    """The limits of one answer. Beyond AppSync's own, fields fail one by one; beyond the others there is no answer."""

    def __init__(self, deployment: Deployment, *, fields: int = _FIELDS_MAX, characters: int = _CHARACTERS_MAX) -> None:
        self.exceeded: str | None = None
        self._depth = deployment.query_depth_limit
        self._resolvers = deployment.resolver_count_limit or _RESOLVERS_MAX
        self._resolvers_run = 0
        self._most = {"fields": fields, "characters": characters, "errors": _ERRORS_MAX}
        self._counted = dict.fromkeys(self._most, 0)

    @classmethod
    def of_publication(cls, deployment: Deployment) -> "AnswerLimits":
        """Return the limits of one subscriber's payload."""
        return cls(deployment, fields=_PUBLICATION_FIELDS_MAX, characters=PUBLICATION_CHARACTERS_MAX)

    def check_depth(self, path: Path) -> None:
        """Raise FieldFailed for a field that is nested too deeply; top-level fields have depth 1."""
        if not self._depth:
            return
        depth = 0
        step: Path | None = path
        while step is not None:
            depth += isinstance(step.key, str)
            step = step.prev
        if depth > self._depth:
            raise FieldFailed(f"Query depth limit of {self._depth} reached.", "QueryDepthLimitReached")

    def count_resolver(self) -> None:
        """Count a resolver that is about to run; raises FieldFailed beyond the limit."""
        self._resolvers_run += 1
        if self._resolvers_run > self._resolvers:
            raise FieldFailed(f"Resolver count limit of {self._resolvers} reached.", "ResolverExecutionLimitReached")

    def count_fields(self, fields: Mapping[str, Collection[FieldNode]]) -> None:
        """Count the fields of an object of the answer."""
        self._count("fields", len(fields))
        self.count_characters(sum(map(len, fields)))

    def count_characters(self, number: int) -> None:
        """Count characters of the answer."""
        self._count("characters", number)

    def count_error(self, message: str, path: Collection[str | int] | None) -> None:
        """Count an error of the answer."""
        self._count("errors", 1)
        self.count_characters(len(message) + sum(len(str(step)) for step in path or ()))

    def check(self) -> None:
        """Raise RequestRefused if a limit of the answer is exceeded."""
        if self.exceeded:
            raise RequestRefused(400, "ResponseSizeLimitReached", self.exceeded)

    def _count(self, what: str, number: int) -> None:
        self._counted[what] += number
        if self._counted[what] > self._most[what] and not self.exceeded:
            self.exceeded = f"The answer would have more than {self._most[what]} {what}; select less."


def check_values(value: Any) -> None:
    """Raise ValueError for JSON that has too many values, or is nested too deeply."""
    containers, counted = [value], 0
    for _ in range(LEVELS_MAX):
        containers = [item for item in containers if isinstance(item, list | dict)]
        counted += sum(map(len, containers))
        if counted > VARIABLE_VALUES_MAX:
            raise ValueError(f"more than {VARIABLE_VALUES_MAX} values, at most that many are allowed")
        if not containers:
            return
        containers = [i for found in containers for i in (found.values() if isinstance(found, dict) else found)]
    raise ValueError(f"nested in more than {LEVELS_MAX} levels, at most that many are allowed")
