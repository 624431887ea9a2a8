"""GetDashboard answers the body that PutDashboard set, with any characters in it.

AWS: the body comes back as it was put (CloudWatch API reference, GetDashboard).
MiniStack: over the Query protocol, which Terraform speaks, it writes the body into the XML as it is: with an `&` or a
`<` in it the answer is no XML.
"""

import functools
import json
from typing import Any

from ministack.services import cloudwatch

from emulator.ministack.repairs.cloudwatch.alarm_fields import element, nested
from emulator.ministack.repairs.patching import AnyCallable, RepairContext, replace


def apply(_context: RepairContext) -> None:
    """Escape the body in the answer's XML."""
    replace(cloudwatch, "_get_dashboard", _escaping)


def _escaping(get: AnyCallable) -> AnyCallable:
    @functools.wraps(get)
    def got(params: Any, document: Any, is_cbor: bool, is_json: bool = False) -> Any:
        if is_cbor or is_json:
            return get(params, document, is_cbor, is_json)
        status, _, body = get({}, nested(params), False, True)
        if status != 200:
            return get(params, document, False, False)
        return cloudwatch._xml(200, "GetDashboardResponse", element("GetDashboardResult", json.loads(body)))

    return got
