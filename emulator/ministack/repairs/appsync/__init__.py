"""Repairs of AppSync."""

from emulator.ministack.repairs.appsync import api_record, parts_in_use
