"""The order workflow as data, rendered with values of a test's choice."""

import json
import re
from typing import Any

from deployment.repository_paths import ROOT

TEXT = (ROOT / "stacks" / "orders" / "workflows" / "order.asl.json").read_text(encoding="utf-8")

VALUES: dict[str, str | int] = {
    "orders_table": "orders-test-orders",
    "charge_payment_arn": "arn:aws:lambda:us-east-1:000000000000:function:orders-test-charge-payment",
    "lease_milliseconds": 300_000,
    "task_timeout_seconds": 15,
    "machine_timeout_seconds": 240,
}


def render(**values: str | int) -> dict[str, Any]:
    """Return the definition with its placeholders filled. A number loses its quotes."""
    text = TEXT
    for name, value in (VALUES | values).items():
        if isinstance(value, int):
            text = text.replace(f'"{{{{{name}}}}}"', str(value))
        text = text.replace(f"{{{{{name}}}}}", str(value))
    if left := re.findall(r"\{\{\w+\}\}", text):
        raise ValueError(f"placeholders without a value: {left}")
    definition: dict[str, Any] = json.loads(text)
    return definition
