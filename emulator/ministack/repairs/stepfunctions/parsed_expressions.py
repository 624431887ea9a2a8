"""A JSONata expression is parsed once, and one that only names a value isn't handed to the library.

AWS: what an expression costs isn't the customer's; Step Functions stops one that takes a second (Step Functions
Developer Guide, "Transforming data with JSONata in Step Functions").
MiniStack: parses each expression again each time that it is evaluated, and makes a parser for each thread, that is for
each execution. That was four fifths of what our workflow took, 23 expressions an order.
A syntax tree isn't changed by its evaluation: the library evaluates one from several threads at once.
Most expressions are a path such as `$states.input.id`. JSONata walks it as anybody would, as long as each step is an
object that has the next name, and what stands there is a text, a whole number or a boolean.
"""

import functools
import re
from collections.abc import Callable
from typing import Any

from jsonata import Jsonata
from ministack.services import stepfunctions

from emulator.ministack.repairs.patching import AnyCallable, RepairContext, replace

KEPT_MAX = 1024
_PATH = re.compile(r"\$states((?:\.[A-Za-z_][A-Za-z0-9_]*)+)")
_WORDS_OF_JSONATA = {"and", "in", "or", "true", "false", "null"}
_PLAIN = (str, int, bool)


class KeepingParser:
    """Replaces each thread's parser, which it calls only for a new text."""

    dbg = False

    def __init__(self, thread_parser: Callable[[], Any]) -> None:
        # A text that can't be parsed raises an exception, which isn't cached.
        self.parse = functools.lru_cache(KEPT_MAX)(lambda text, engine: thread_parser().parse(text, engine))


def apply(_context: RepairContext) -> None:
    """Give all threads one parser, which caches its results, and walk plain paths."""
    replace(Jsonata, "get_parser", _one_for_all)
    replace(stepfunctions, "_evaluate_jsonata", _walking_plain_paths)


def _one_for_all(get_parser: AnyCallable) -> Any:
    parser = KeepingParser(get_parser)
    return staticmethod(lambda: parser)


def _walking_plain_paths(evaluate: AnyCallable) -> AnyCallable:
    @functools.wraps(evaluate)
    def evaluated(
        expression: str, given: Any, context: Any = None, result: Any = None, error_output: Any = None
    ) -> Any:
        found: Any = {"input": given, "context": context or {}, "result": result, "errorOutput": error_output}
        for name in _names_of_plain_path(expression):
            found = found.get(name) if type(found) is dict else None
        if type(found) in _PLAIN:
            return found
        return evaluate(expression, given, context, result, error_output)

    return evaluated


@functools.lru_cache(KEPT_MAX)
def _names_of_plain_path(expression: str) -> tuple[str, ...]:
    """Return the names in the path that an expression is, nothing for any other expression."""
    match = _PATH.fullmatch(expression)
    names = tuple(match[1].removeprefix(".").split(".")) if match else ()
    return () if _WORDS_OF_JSONATA.intersection(names) else names
