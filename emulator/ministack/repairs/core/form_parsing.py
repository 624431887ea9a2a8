"""A body whose content type is a form is read as one only if that takes little time.

AWS: takes forms of some hundred fields; an object of S3 may call itself whatever it likes.
MiniStack: looks for an operation in any such body, also in an object. 6 MB of `a=1&` hold up everything for a second,
and to make text of 32 MB takes 120 ms even where nobody reads it.
Source: `ministack.app._routing_params`, `ministack.core.iam_actions._action_from_query`.
"""

from ministack import app
from ministack.core import iam_actions

from emulator.ministack.forms import fields
from emulator.ministack.repairs.patching import AnyCallable, RepairContext, replace

Headers = dict[str, str]
Query = dict[str, list[str]]


def apply(_context: RepairContext) -> None:
    """Let the router and IAM read forms as the guard does."""
    replace(app, "_routing_params", _with_form)
    replace(iam_actions, "_action_from_query", _action_from_form)


def _with_form(routing_params: AnyCallable) -> AnyCallable:
    def params(method: str, path: str, headers: Headers, body: bytes, query: Query) -> Query:
        if not headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
            return dict(routing_params(method, path, headers, b"", query))
        return {**fields(body), **query}

    return params


def _action_from_form(action_from_query: AnyCallable) -> AnyCallable:
    def action(query: Query, body: bytes, content_type: str) -> object:
        found = action_from_query(query, b"", content_type)
        if found or "x-www-form-urlencoded" not in (content_type or ""):
            return found
        return next(iter(fields(body).get("Action", ())), None) or None

    return action
