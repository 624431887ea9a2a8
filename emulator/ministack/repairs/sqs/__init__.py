"""Repairs of SQS."""

from emulator.ministack.repairs.sqs import atomic_messages, move_tasks
