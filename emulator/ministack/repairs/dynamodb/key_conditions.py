"""The cost of a query hardly depends on the number of a customer's orders.

AWS: a query reads its page from an ordered partition (DynamoDB Developer Guide, "Query").
MiniStack: parses the key condition again for every item of the partition. For a customer with 340
orders that takes 4 ms of the event loop, in which nobody else is served. Here a comparison of texts
evaluates the usual conditions, without a parser.
"""

import functools
import operator
import re
from collections.abc import Callable, Mapping
from typing import Any

from ministack.services import dynamodb

from emulator.ministack.repairs.patching import AnyCallable, RepairContext, replace

SLOT = "KeyConditionExpression"
CONDITION = re.compile(
    r"\s*(?P<hash>#?\w+)\s*=\s*(?P<hash_value>:\w+)\s*"
    r"(AND\s+(?P<range>#?\w+)\s*(?P<comparison>[<>]=?|=)\s*(?P<range_value>:\w+)\s*)?"
)
COMPARISONS: dict[str, Callable[[str, str], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    "=": operator.eq,
    ">": operator.gt,
    ">=": operator.ge,
}
Clause = tuple[str, str, str]
parse = functools.lru_cache(maxsize=256)(CONDITION.fullmatch)


def apply(_context: RepairContext) -> None:
    """Evaluate conditions that only compare texts; leave all others to MiniStack."""

    def quick(evaluate: AnyCallable) -> AnyCallable:
        @functools.wraps(evaluate)
        def evaluated(expression: str, item: Any, values: Any, names: Any, **options: Any) -> Any:
            answer = None
            if options.get("slot") == SLOT:
                answer = text_condition(expression, item, values or {}, names or {})
            return evaluate(expression, item, values, names, **options) if answer is None else answer

        return evaluated

    replace(dynamodb, "_evaluate_condition", quick)


def text_condition(
    expression: str, item: Mapping[str, Any], values: Mapping[str, Any], names: Mapping[str, str]
) -> bool | None:
    """Return True if the item's text keys meet the condition; None for another kind."""
    match = parse(expression)
    if match is None:
        return None
    clauses: list[Clause] = [(match["hash"], "=", match["hash_value"])]
    if match["range"]:
        clauses.append((match["range"], match["comparison"], match["range_value"]))
    for name, comparison, value in clauses:
        attribute = names.get(name, "") if name.startswith("#") else name
        left, right = item.get(attribute, {}).get("S"), values.get(value, {}).get("S")
        if left is None or right is None:
            return None
        if not COMPARISONS[comparison](left, right):
            return False
    return True
