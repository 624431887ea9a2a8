"""Parses and validates queries, once for each text and schema."""

import asyncio
import re
from bisect import bisect_right
from collections import OrderedDict
from functools import cached_property
from weakref import WeakValueDictionary

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    NoSchemaIntrospectionCustomRule,
    OverlappingFieldsCanBeMergedRule,
    Source,
    SourceLocation,
    parse,
    specified_rules,
    validate,
)
from graphql.validation import MaxIntrospectionDepthRule

from emulator.appsync import request_limits
from emulator.appsync.errors import RequestRefused
from emulator.appsync.event_loop_turns import Allowance, Turns
from emulator.appsync.field_merging import FieldMergeCheck
from emulator.appsync.query_document import Document

_KEPT_MAX = 256
# A parsed character takes up to 1 KB and half an object. Python's collector, which stops everything, looks at all
# objects again and again: measured, 10 ms for so many.
_KEPT_CHARACTERS_MAX = 100_000
_RULES = tuple(
    rule for rule in specified_rules if rule not in (OverlappingFieldsCanBeMergedRule, MaxIntrospectionDepthRule)
)


class QueryCache:
    """The valid and invalid queries of one schema, those used last."""

    def __init__(self, schema: GraphQLSchema, *, introspection: bool) -> None:
        self._schema = schema
        self._rules = _RULES if introspection else (*_RULES, NoSchemaIntrospectionCustomRule)
        self._known: OrderedDict[str, Document] = OrderedDict()
        self._characters = 0
        # Nobody waits for what somebody else reads: theirs may stand behind much that they sent before.
        self._reading: WeakValueDictionary[tuple[Allowance, str], asyncio.Lock] = WeakValueDictionary()

    async def get(self, query: str, turns: Turns) -> Document:
        """Return the document for a query's text; raises RequestRefused for one that can't be parsed.

        A text that isn't known is read in steps, however short it is: many short ones are as much work as a long one.
        """
        if query not in self._known:
            async with self._reading.setdefault((turns.allowance, query), asyncio.Lock()):
                if query not in self._known:
                    self._keep(query, await self._read(query, turns))
        self._known.move_to_end(query)
        return self._known[query]

    def _keep(self, query: str, document: Document) -> None:
        if query not in self._known:
            self._known[query] = document
            self._characters += len(query)
        while len(self._known) > _KEPT_MAX or self._characters > _KEPT_CHARACTERS_MAX:
            oldest, _document = self._known.popitem(last=False)
            self._characters -= len(oldest)

    async def _read(self, query: str, turns: Turns) -> Document:
        if len(query) > request_limits.QUERY_CHARACTERS_MAX:
            raise _malformed(
                f"The query has {len(query)} characters; at most {request_limits.QUERY_CHARACTERS_MAX} are allowed."
            )
        async with turns.step():
            node = _parsed(query)
        async with turns.step():
            errors = self._errors(node)
        if errors:
            return Document(node, errors)
        async with turns.step():
            document = Document(node)
            document.errors = FieldMergeCheck(self._schema, document).errors()
        return document

    def _errors(self, node: DocumentNode) -> list[GraphQLError]:
        try:
            return validate(self._schema, node, self._rules, max_errors=request_limits.REQUEST_ERRORS_MAX)
        except RecursionError as error:  # rules go deeper than the parser, which can read a type in 700 lists
            raise _malformed("Unable to parse GraphQL query.") from error
        except GraphQLError as error:  # a rule can stumble over a directive whose variable it doesn't know
            return [error]


class _Source(Source):
    """A query's text that finds a position without reading it from the start for each error."""

    @cached_property
    def _lines(self) -> list[int]:
        return [0, *(match.end() for match in re.finditer(r"\r\n|[\n\r]", self.body))]

    def get_location(self, position: int) -> SourceLocation:
        line = bisect_right(self._lines, position)
        return SourceLocation(line, position - self._lines[line - 1] + 1)


def _parsed(query: str) -> DocumentNode:
    # graphql-core counts comments too, but not before it has read all that stand together.
    if query.count("#") > request_limits.TOKENS_MAX:
        raise _too_many_tokens()
    try:
        return _without_circles(parse(_Source(query), max_tokens=request_limits.TOKENS_MAX))
    except RecursionError as error:
        raise _malformed("Unable to parse GraphQL query.") from error
    except GraphQLError as error:
        if "tokens. Parsing aborted" in error.message:
            raise _too_many_tokens() from error
        raise _malformed("Unable to parse GraphQL query.") from error


def _without_circles(node: DocumentNode) -> DocumentNode:
    """Unlink the tokens, which refer to each other, so that a dropped document is freed at once."""
    token = node.loc.start_token if node.loc else None
    while token:
        following, token.prev, token.next = token.next, None, None
        token = following
    return node


def _too_many_tokens() -> RequestRefused:
    return _malformed(f"The query has more than {request_limits.TOKENS_MAX} tokens; at most that many are allowed.")


def _malformed(message: str) -> RequestRefused:
    return RequestRefused(400, "MalformedHttpRequestException", message)
