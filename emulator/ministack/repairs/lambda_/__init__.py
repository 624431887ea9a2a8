"""Repairs of Lambda."""

from emulator.ministack.repairs.lambda_ import (
    credentials,
    environment,
    error_types,
    kept_code,
    mapping_metrics,
    mapping_roles,
    pool,
    silent_handlers,
    stream_mappings,
)
