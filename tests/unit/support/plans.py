"""Plans in the format of `terraform show -json`, with the parts that these tests need."""

from typing import Any

Plan = dict[str, Any]


def plan(*resources: Plan, outputs: Plan | None = None, **more: Any) -> Plan:
    return {
        "format_version": "1.2",
        "complete": True,
        "errored": False,
        "timestamp": "2026-01-01T00:00:00Z",
        "resource_changes": list(resources),
        "output_changes": outputs or {},
        **more,
    }


def resource(address: str, *actions: str, **change: Any) -> Plan:
    """Return a change with Terraform's keys `before`, `after`, `after_unknown` and so on."""
    given: Plan = {"before": None, "after": None, "after_unknown": {}, "before_sensitive": False, "after_sensitive": {}}
    return {"address": address, "mode": "managed", "change": {"actions": list(actions), **given, **change}}


def update(address: str, before: Plan, after: Plan, **change: Any) -> Plan:
    return resource(address, "update", before=before, after=after, **change)
