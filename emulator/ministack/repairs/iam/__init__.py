"""Repairs of IAM."""

from emulator.ministack.repairs.iam import (
    caller_arn,
    parsed_policies,
    principal_arn,
    request_tags,
    secure_transport,
    verified_signatures,
)
