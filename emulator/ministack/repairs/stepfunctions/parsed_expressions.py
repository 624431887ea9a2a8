"""A JSONata expression is parsed once.

AWS: what an expression costs isn't the customer's; Step Functions stops one that takes a second (Step Functions
Developer Guide, "Transforming data with JSONata in Step Functions").
MiniStack: parses each expression again each time that it is evaluated, and makes a parser for each thread, that is for
each execution. That was four fifths of what our workflow took, 23 expressions an order.
A syntax tree isn't changed by its evaluation: the library evaluates one from several threads at once.
"""

import functools
from collections.abc import Callable
from typing import Any

from jsonata import Jsonata

from emulator.ministack.repairs.patching import AnyCallable, Run, replace

KEPT_MAX = 1024


class KeepingParser:
    """Replaces each thread's parser, which it calls only for a new text."""

    dbg = False

    def __init__(self, thread_parser: Callable[[], Any]) -> None:
        # A text that can't be parsed raises an exception, which isn't cached.
        self.parse = functools.lru_cache(KEPT_MAX)(lambda text, engine: thread_parser().parse(text, engine))


def apply(_run: Run) -> None:
    """Give all threads one parser, which caches its results."""
    replace(Jsonata, "get_parser", _one_for_all)


def _one_for_all(get_parser: AnyCallable) -> Any:
    parser = KeepingParser(get_parser)
    return staticmethod(lambda: parser)
