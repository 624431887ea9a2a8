"""AppSync's limits on the depth of a query and the number of resolvers that it runs."""

from graphql.pyutils import Path

from local.appsync.deployment import Deployment
from local.appsync.errors import FieldFailed

_RESOLVERS_MAX = 10_000


class Limits:
    """The limits of one request; what lies beyond them fails field by field."""

    def __init__(self, deployment: Deployment) -> None:
        self._depth = deployment.query_depth_limit
        self._resolvers = deployment.resolver_count_limit or _RESOLVERS_MAX
        self._counted = 0

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
        """Count a resolver that is about to run; raises FieldFailed when it is one too many."""
        self._counted += 1
        if self._counted > self._resolvers:
            raise FieldFailed(f"Resolver count limit of {self._resolvers} reached.", "ResolverExecutionLimitReached")
