"""Known faults of the pinned MiniStack, mended from outside: one module a fault, one folder a service."""
