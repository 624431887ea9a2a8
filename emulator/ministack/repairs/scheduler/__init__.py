"""Repairs of EventBridge Scheduler."""

from emulator.ministack.repairs.scheduler import asynchronous_calls, schedule_roles
