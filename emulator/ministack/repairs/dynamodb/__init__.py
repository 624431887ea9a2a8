"""Repairs of DynamoDB."""

from emulator.ministack.repairs.dynamodb import (
    atomic_writes,
    kept_streams,
    key_conditions,
    quick_copies,
    restore_summary,
)
