"""DescribeAlarms answers all fields that PutMetricAlarm set.

AWS: every field comes back (CloudWatch API reference, MetricAlarm).
MiniStack: over the Query protocol, which Terraform speaks, it answers a third of them, and forgets
InsufficientDataActions and Metrics: each plan wants to change every alarm.
"""

import functools
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from xml.sax.saxutils import escape

from ministack.services import cloudwatch

from emulator.ministack.repairs.patching import AnyCallable, RepairContext, replace

SELECTION = ("AlarmNamePrefix", "MaxRecords", "NextToken", "StateValue")


def apply(_context: RepairContext) -> None:
    """Keep the forgotten fields, and describe all of them."""
    replace(cloudwatch, "_put_metric_alarm", _keeping_all)
    replace(cloudwatch, "_describe_alarms", _describing_all)


def _keeping_all(put: AnyCallable) -> AnyCallable:
    @functools.wraps(put)
    def kept(params: Any, document: Any, is_cbor: bool, is_json: bool = False) -> Any:
        answer = put(params, document, is_cbor, is_json)
        if answer[0] == 200:
            given = document if is_cbor or is_json else nested(params)
            alarm = cloudwatch._alarms[given["AlarmName"]]
            alarm["InsufficientDataActions"] = given.get("InsufficientDataActions", [])
            if "ExtendedStatistic" in given:
                alarm["Statistic"] = None
            if "Metrics" in given:
                alarm |= {"Metrics": given["Metrics"], "Statistic": None, "Period": None}
            alarm["ThresholdMetricId"] = given.get("ThresholdMetricId")
            alarm["EvaluateLowSampleCountPercentile"] = given.get("EvaluateLowSampleCountPercentile")
        return answer

    return kept


def _describing_all(describe: AnyCallable) -> AnyCallable:
    @functools.wraps(describe)
    def described(params: Any, document: Any, is_cbor: bool, is_json: bool = False) -> Any:
        if is_cbor or is_json:
            return describe(params, document, is_cbor, is_json)
        given = nested(params)
        asked = {name: given[name] for name in (*SELECTION, "AlarmNames", "AlarmTypes") if name in given}
        status, _, body = describe({}, asked, False, True)
        if status != 200:
            return describe(params, document, False, False)
        return cloudwatch._xml(
            200, "DescribeAlarmsResponse", element("DescribeAlarmsResult", json.loads(body, parse_float=_number))
        )

    return described


def nested(params: Mapping[str, Any]) -> dict[str, Any]:
    """Return the document that flat Query parameters (A.member.1.B=c) represent."""
    tree: dict[str, Any] = {}
    for name, value in params.items():
        *path, last = name.split(".")
        branch = tree
        for step in path:
            branch = branch.setdefault(step, {})
        branch[last] = value[0] if isinstance(value, list) else value
    return {name: _listed(value) for name, value in tree.items()}


def _listed(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    if set(value) == {"member"}:
        return [_listed(item) for _, item in sorted(value["member"].items(), key=lambda pair: int(pair[0]))]
    return {name: _listed(item) for name, item in value.items()}


def element(name: str, value: Any) -> str:
    """Return the value as XML of the Query protocol, without those that are None."""
    if value is None:
        return ""
    if isinstance(value, dict):
        inner = "".join(element(key, item) for key, item in value.items())
    elif isinstance(value, list):
        inner = "".join(element("member", item) for item in value)
    elif name.endswith("Timestamp"):
        inner = datetime.fromtimestamp(float(value), UTC).isoformat().replace("+00:00", "Z")
    else:
        inner = str(value).lower() if isinstance(value, bool) else escape(str(value))
    return f"<{name}>{inner}</{name}>"


def _number(text: str) -> int | float:
    """Write 0.0 as 0, as AWS does."""
    value = float(text)
    return int(value) if value.is_integer() else value
