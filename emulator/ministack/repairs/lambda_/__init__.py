"""Repairs of Lambda."""

from emulator.ministack.repairs.lambda_ import (
    error_types,
    function_environment,
    invocation_logs,
    kept_code,
    mapping_metrics,
    mapping_roles,
    pending_functions,
    process_pool,
    queue_wakes,
    reading_threads,
    role_keys,
    stream_mappings,
)
