"""A policy is parsed once.

AWS: what IAM does with a policy isn't the customer's.
MiniStack: parses all policies of a caller's role from their JSON for each request, and again for the next question in
the same request. The text decides what comes of it: a policy that was changed is another text.
"""

import functools
from typing import Any

from ministack.core import iam_evaluator

from emulator.ministack.repairs.patching import AnyCallable, RepairContext, replace

KEPT_MAX = 1024
_LONGEST = 20_000  # characters; a role's policies have at most 10,240, a bucket's 20 KB


def apply(_context: RepairContext) -> None:
    """Cache the parsed policies by their texts."""
    replace(iam_evaluator, "parse_policy_document", _keeping)


def _keeping(parse: AnyCallable) -> AnyCallable:
    kept = functools.lru_cache(KEPT_MAX)(parse)

    @functools.wraps(parse)
    def parsed(document: Any) -> list[iam_evaluator.ParsedStatement]:
        if not isinstance(document, str) or len(document) > _LONGEST:
            return list(parse(document))
        return list(kept(document))

    return parsed
