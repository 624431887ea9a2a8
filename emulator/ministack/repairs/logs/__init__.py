"""Repairs of CloudWatch Logs."""

from emulator.ministack.repairs.logs import bounded_log_groups, event_pages, query_definitions
