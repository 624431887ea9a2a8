"""A body that calls itself a form is read as one only while that takes no time.

AWS: takes forms of some hundred fields; an object of S3 may call itself whatever it likes.
MiniStack: looks for an operation in any such body, also in an object; 6 MB of `a=1&` hold up everything for a second.
Source: `ministack.app._routing_params`, `ministack.core.iam_actions._action_from_query`.
"""

from ministack import app
from ministack.core import iam_actions

from emulator.ministack.forms import fields
from emulator.ministack.repairs.patching import AnyCallable, Run, replace


def apply(_run: Run) -> None:
    """Let the router and IAM read forms as the guard does."""
    replace(app, "parse_qs", lambda _parse_qs: fields)

    def build(action_from_query: AnyCallable) -> AnyCallable:
        def action_from_form(query: dict[str, object], body: bytes, content_type: str) -> object:
            found = action_from_query(query, b"", content_type)
            if found or "x-www-form-urlencoded" not in (content_type or ""):
                return found
            return next(iter(fields(body.decode("utf-8", "replace")).get("Action", ())), None) or None

        return action_from_form

    replace(iam_actions, "_action_from_query", build)
