"""Repairs of DynamoDB."""

from emulator.ministack.repairs.dynamodb import (
    atomic_writes,
    kept_streams,
    key_conditions,
    parsed_expressions,
    quick_copies,
    restore_summary,
)
