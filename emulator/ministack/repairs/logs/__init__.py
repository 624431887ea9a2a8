"""Repairs of CloudWatch Logs."""

from emulator.ministack.repairs.logs import bounded, pages, query_definitions
