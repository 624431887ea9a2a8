"""Repairs of code that all services share."""

from emulator.ministack.repairs.core import forms, json_nesting, known_services, service_calls
