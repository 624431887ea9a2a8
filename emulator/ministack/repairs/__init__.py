"""Repairs of known faults of the pinned MiniStack: one module a fault, one folder a service."""
