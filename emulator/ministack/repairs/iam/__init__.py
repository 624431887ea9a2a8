"""Repairs of IAM."""

from emulator.ministack.repairs.iam import principal_arn, secure_transport
