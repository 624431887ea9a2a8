"""An expression is read once.

AWS: what it costs to read an expression isn't the customer's.
MiniStack: takes each expression apart again for each call, and for a condition does so twice. The text decides what
comes of it.
"""

import functools

from ministack.services import dynamodb

from emulator.ministack.repairs.patching import AnyCallable, RepairContext, replace

KEPT_MAX = 1024
_LONGEST = 4096  # characters, as of DynamoDB's own expressions


def apply(_context: RepairContext) -> None:
    """Keep what texts were read as."""
    replace(dynamodb, "_tokenize", _keeping_tokens)
    replace(dynamodb, "_condition_syntax_error", _keeping_errors)


def _keeping_tokens(tokenize: AnyCallable) -> AnyCallable:
    kept = functools.lru_cache(KEPT_MAX)(tokenize)

    @functools.wraps(tokenize)
    def tokens(expression: str) -> list[tuple[str, str]]:
        return list((kept if len(expression) <= _LONGEST else tokenize)(expression))

    return tokens


def _keeping_errors(find: AnyCallable) -> AnyCallable:
    kept = functools.lru_cache(KEPT_MAX)(find)

    @functools.wraps(find)
    def error(expression: str, slot: str) -> str | None:
        found: str | None = (kept if len(expression) <= _LONGEST else find)(expression, slot)
        return found

    return error
