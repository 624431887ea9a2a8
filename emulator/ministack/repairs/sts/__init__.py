"""Repairs of STS."""

from emulator.ministack.repairs.sts import kept_sessions
