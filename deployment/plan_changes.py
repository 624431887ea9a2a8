"""The changes of a plan (`terraform show -json`), in a form that can be compared and shown: no order, no secrets."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from deployment.plan_rules import needs_administrator
from environments.user_error import UserError

FORMAT_VERSION = "1."
SENSITIVE = "(sensitive)"
UNKNOWN = "(known after apply)"
# A destroyed resource is shown by all its attributes but these, which change by themselves until then.
MOVING = {
    "attachment_count",
    "confirmation_was_authenticated",
    "estimated_number_of_users",
    "etag",
    "in_progress_validation_batches",
    "last_modification_date",
    "last_modified",
    "last_modified_date",
    "last_modified_time",
    "last_processing_result",
    "live_stage_etag",
    "lock_token",
    "pending_confirmation",
    "state",
    "state_transition_reason",
    "status",
}
# In characters. Of a longer text of a destroyed resource the beginning is shown, and its hash.
LONG, BEGINNING = 500, 200
# Parts of a plan that this form doesn't show; a plan that has them is refused instead of shown incompletely.
NOT_SHOWN = ("action_invocations", "deferred_action_invocations", "deferred_changes")

Document = dict[str, Any]


def changes_of(plan: Mapping[str, Any]) -> Document:
    """Return what the plan (`terraform show -json`) would do, in an order of its own and with sensitive values masked.

    Of a resource it holds its id and the attributes that change, of a destroyed one all attributes: the address alone
    doesn't say which resource of the account it is. Two plans are equal exactly when they would do the same to the
    same, except that a sensitive value is only seen to change.
    """
    _refuse_what_cannot_be_shown(plan)
    resources = [_resource(change) for change in plan.get("resource_changes", []) if _acts(change)]
    outputs = {
        name: _attribute("value", {"value": change["before"]}, {"value": change.get("after")}, _wrapped(change))
        for name, change in plan.get("output_changes", {}).items()
        if change["actions"] != ["no-op"]
    }
    return {"resources": sorted(resources, key=_canonical), "outputs": outputs}


def plan_hash(document: Document) -> str:
    """The SHA-256 of the form, in hexadecimal."""
    return hashlib.sha256(_canonical(document).encode()).hexdigest()


def is_empty(document: Document) -> bool:
    """True if nothing would change."""
    return not document["resources"] and not document["outputs"]


def addresses_for_administrator(document: Document) -> list[str]:
    """The addresses of what an administrator has to deploy."""
    return [str(one["address"]) for one in document["resources"] if one.get("administrator")]


def plan_differences(before: Document, now: Document) -> list[str]:
    """A line for each resource and output that the two plans don't treat the same, without values."""
    lines = []
    for address, (old, new) in _paired(before, now):
        if old is None or new is None:
            lines.append(f"{address}: only in the {'new' if old is None else 'reviewed'} plan")
        elif old != new:
            keys = {**old, **old.get("attributes", {})}.keys() | {**new, **new.get("attributes", {})}.keys()
            flat = [{**one, **one.get("attributes", {}), "attributes": None} for one in (old, new)]
            changed = sorted(key for key in keys if flat[0].get(key) != flat[1].get(key))
            lines.append(f"{address}: differs in {', '.join(changed)}")
    return lines


def _refuse_what_cannot_be_shown(plan: Mapping[str, Any]) -> None:
    version = str(plan.get("format_version", "none"))
    if not version.startswith(FORMAT_VERSION):
        raise UserError(f"the plan has the format version {version}, expected {FORMAT_VERSION}x")
    if plan.get("errored") or not plan.get("complete", True):
        raise UserError("the plan is incomplete: Terraform stopped with an error while it planned")
    for key in NOT_SHOWN:
        if plan.get(key):
            raise UserError(f"the plan has {key}, which a review wouldn't show")


def _acts(change: Mapping[str, Any]) -> bool:
    moved = "previous_address" in change or "importing" in change["change"]
    return moved or change["change"]["actions"] not in (["no-op"], ["read"])


def _resource(resource: Mapping[str, Any]) -> Document:
    change = resource["change"]
    kept = {key: resource[key] for key in ("address", "previous_address", "deposed") if key in resource}
    before, after = change.get("before") or {}, change.get("after") or {}
    unknown = _mapping(change.get("after_unknown"))
    names = before.keys() | after.keys() | unknown.keys()
    if change["actions"] == ["delete"]:
        attributes = {name: _destroyed(before[name], change, name) for name in sorted(before.keys() - MOVING)}
    else:
        attributes = {name: _attribute(name, before, after, change) for name in sorted(names)}
        if "id" in before:
            kept["id_before"] = _masked(before["id"], _marks(change.get("before_sensitive"), "id"))
    return {
        **kept,
        "actions": change["actions"],
        **({"administrator": True} if needs_administrator(resource) else {}),
        **({"importing": change["importing"]} if "importing" in change else {}),
        **({"replace_paths": sorted(change["replace_paths"], key=_canonical)} if change.get("replace_paths") else {}),
        "attributes": {name: values for name, values in attributes.items() if values},
    }


def _destroyed(value: Any, change: Mapping[str, Any], name: str) -> Document:
    """An attribute of what goes; empty where it says nothing."""
    if value in (None, "", [], {}):
        return {}
    shown = _masked(value, _marks(change.get("before_sensitive"), name))
    text = shown if isinstance(shown, str) else _canonical(shown)
    if len(text) > LONG:
        shown = f"{text[:BEGINNING]}… ({len(text)} characters, SHA-256 {hashlib.sha256(text.encode()).hexdigest()})"
    return {"before": shown, "after": None}


def _attribute(name: str, before: Mapping[str, Any], after: Mapping[str, Any], change: Mapping[str, Any]) -> Document:
    """The attribute before and after; empty when it stays."""
    old, new = before.get(name), _with_unknown(after.get(name), _mapping(change.get("after_unknown")).get(name))
    if old == new:
        return {}
    shown = {
        "before": _masked(old, _marks(change.get("before_sensitive"), name)),
        "after": _masked(new, _marks(change.get("after_sensitive"), name)),
    }
    # What Terraform computes anew may change by itself until then: a count, a date.
    return {"after": shown["after"]} if new == UNKNOWN else shown


def _with_unknown(value: Any, unknown: Any) -> Any:
    if unknown is True:
        return UNKNOWN
    if isinstance(unknown, dict):
        known = _mapping(value)
        return {key: _with_unknown(known.get(key), unknown.get(key)) for key in known.keys() | unknown.keys()}
    if isinstance(unknown, list) and isinstance(value, list):
        rest = [None] * (len(value) - len(unknown))
        return [_with_unknown(item, mark) for item, mark in zip(value, [*unknown, *rest], strict=False)]
    return value


def _masked(value: Any, marks: Any) -> Any:
    if marks is True:
        return SENSITIVE
    if isinstance(value, dict):
        return {key: _masked(item, _marks(marks, key)) for key, item in value.items()}
    if isinstance(value, list) and isinstance(marks, list):
        rest = [None] * (len(value) - len(marks))
        return [_masked(item, mark) for item, mark in zip(value, [*marks, *rest], strict=False)]
    return value


def _marks(marks: Any, key: str) -> Any:
    return marks if isinstance(marks, bool) else _mapping(marks).get(key)


def _wrapped(change: Mapping[str, Any]) -> Document:
    """An output's marks as those of an attribute called `value`."""
    return {key: {"value": change.get(key)} for key in ("after_unknown", "before_sensitive", "after_sensitive")}


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _paired(before: Document, now: Document) -> Sequence[tuple[str, tuple[Any, Any]]]:
    def named(document: Document) -> Document:
        resources = {f"{one['address']} {one.get('deposed', '')}".strip(): one for one in document["resources"]}
        return {**resources, **{f"output {name}": values for name, values in document["outputs"].items()}}

    old, new = named(before), named(now)
    return [(key, (old.get(key), new.get(key))) for key in sorted(old.keys() | new.keys())]


def _canonical(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"))
