"""CloudFront's control plane after a deployment."""

from collections.abc import Callable
from typing import Any

import pytest

from local.server_process import Server

SECURITY = {"ContentTypeOptions": {"Override": True}}
CUSTOM = {"Quantity": 1, "Items": [{"Header": "Permissions-Policy", "Value": "usb=()", "Override": True}]}
REMOVED = {"Quantity": 1, "Items": [{"Header": "Server"}]}


@pytest.mark.parametrize("blocks", [{}, {"CustomHeadersConfig": CUSTOM}, {"RemoveHeadersConfig": REMOVED}])
def test_a_headers_policy_is_described_with_the_blocks_that_it_has(
    emulator: Server, unique: Callable[[str], str], blocks: dict[str, Any]
) -> None:
    client = emulator.client("cloudfront")
    wanted = {"Name": unique("policy"), "Comment": "", "SecurityHeadersConfig": SECURITY, **blocks}
    made = client.create_response_headers_policy(ResponseHeadersPolicyConfig=wanted)["ResponseHeadersPolicy"]

    described = client.get_response_headers_policy(Id=made["Id"])["ResponseHeadersPolicy"]
    configuration = client.get_response_headers_policy_config(Id=made["Id"])["ResponseHeadersPolicyConfig"]

    assert described["ResponseHeadersPolicyConfig"] == wanted
    assert configuration == wanted
    client.delete_response_headers_policy(
        Id=made["Id"], IfMatch=client.get_response_headers_policy(Id=made["Id"])["ETag"]
    )
