"""Repairs of EventBridge Scheduler."""

from emulator.ministack.repairs.scheduler import asynchronous_calls, repeated_creation, schedule_roles
