"""The caller of a request is found without the policies.

MiniStack: finds the caller of each request for resource policies, and gathers the caller's own policies only to forget
them; then finds the caller again, with policies, to ask what it may do.
Source: `request_caller_arn` and `enforce` of `ministack.core.iam_evaluator`.
"""

from collections.abc import Mapping

from ministack.core import iam_evaluator, responses
from ministack.core.router import extract_access_key_id

from emulator.ministack.repairs.patching import AnyCallable, RepairContext, replace


def apply(_context: RepairContext) -> None:
    """Find the ARN by the key alone."""
    replace(iam_evaluator, "request_caller_arn", _by_the_key)


def _by_the_key(_original: AnyCallable) -> AnyCallable:
    def request_caller_arn(headers: Mapping[str, str], query: Mapping[str, list[str]] | None = None) -> str:
        account_id, key = responses.get_account_id(), extract_access_key_id(headers or {}, query or {})
        if key:
            found = iam_evaluator.resolve_credential(key, responses._account_from_sts_session(key) or account_id)
            if isinstance(found, iam_evaluator.ResolvedCredential) and found.principal_arn:
                return str(found.principal_arn)
        return f"arn:aws:iam::{account_id}:root"

    return request_caller_arn
