"""Repairs of DynamoDB."""

from emulator.ministack.repairs.dynamodb import (
    atomic_writes,
    item_copies,
    kept_streams,
    key_conditions,
    parsed_expressions,
    restore_summary,
    transaction_keys,
)
