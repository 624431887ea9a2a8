"""Repairs of DynamoDB."""

from emulator.ministack.repairs.dynamodb import atomic_writes, kept_streams, key_conditions, restore_summary
