"""Repairs of what all services share."""

from emulator.ministack.repairs.core import json_nesting, known_services
