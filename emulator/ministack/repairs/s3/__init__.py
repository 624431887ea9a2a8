"""Repairs of S3."""

from emulator.ministack.repairs.s3 import kept_objects
