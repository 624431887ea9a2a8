"""Repairs of CloudWatch."""

from emulator.ministack.repairs.cloudwatch import alarm_fields, dashboards
