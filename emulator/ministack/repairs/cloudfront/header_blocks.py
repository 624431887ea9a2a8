"""A response headers policy is described with the blocks that it has.

AWS: CustomHeadersConfig and RemoveHeadersConfig are optional, and absent from a policy that was made without them
(CloudFront API reference, ResponseHeadersPolicyConfig).
MiniStack: it answers both always, empty if need be, so that each plan wants to take the empty one away.
"""

import functools
from typing import Any

from ministack.services import cloudfront

from emulator.ministack.repairs.patching import AnyCallable, RepairContext, replace

OPTIONAL = ("CustomHeadersConfig", "RemoveHeadersConfig")


def apply(_context: RepairContext) -> None:
    """Leave empty blocks out of the answers about one policy and about its configuration."""
    replace(cloudfront, "_build_rhp_config_xml", _without_empty_blocks)
    cloudfront._RHP_SPEC["build_config"] = cloudfront._build_rhp_config_xml


def _without_empty_blocks(build: AnyCallable) -> AnyCallable:
    @functools.wraps(build)
    def built(parent: Any, configuration: Any) -> None:
        build(parent, configuration)
        for block in [one for one in parent if one.tag in OPTIONAL and one.findtext("Quantity") == "0"]:
            parent.remove(block)

    return built
