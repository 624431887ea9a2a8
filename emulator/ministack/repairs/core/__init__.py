"""Repairs of code that all services share."""

from emulator.ministack.repairs.core import form_parsing, json_nesting, unknown_services, wrong_types
