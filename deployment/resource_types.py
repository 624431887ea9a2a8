"""The types of resources that a stack's state may have. Terraform does to each what its state says.

A type that no stack has could do anything when it is destroyed: `aws_lambda_invocation` calls a function then.
"""

from collections.abc import Mapping
from typing import Any

# A stack has them under some settings only: whoever takes such a setting back has them destroyed.
BY_SETTING = (
    "aws_cloudwatch_log_delivery",
    "aws_cloudwatch_log_delivery_destination",
    "aws_cloudwatch_log_delivery_source",
    "aws_kms_alias",
    "aws_kms_key",
    "aws_s3_bucket_logging",
    "aws_wafv2_web_acl",
    "aws_wafv2_web_acl_association",
)
# An earlier release had them, and the deployment of this one destroys them. A type comes here with the change that
# takes its last resource from a stack, and goes once that change is deployed everywhere.
REMOVED: tuple[str, ...] = ()
# The attributes of these types that the provider calls sensitive. Only a state calls any other so.
SENSITIVE_ATTRIBUTES = frozenset({"client_secret"})


def resource_types(configuration: Mapping[str, Any]) -> frozenset[str]:
    """Return the types that the state of a stack may have, by its Terraform JSON; data sources begin with `data.`."""
    data = (f"data.{type_}" for type_ in configuration.get("data", {}))
    return frozenset({*configuration.get("resource", {}), *data, *BY_SETTING, *REMOVED})


def type_of(mode: Any, type_: Any) -> str:
    """Return the type of a state's or a plan's resource, as `resource_types` has it."""
    return f"{type_}" if mode == "managed" else f"{mode}.{type_}"
