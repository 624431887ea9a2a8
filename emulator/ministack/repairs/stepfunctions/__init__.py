"""Repairs of Step Functions."""

from emulator.ministack.repairs.stepfunctions import (
    concurrency,
    current_execution,
    execution_logs,
    express,
    machine_roles,
    machine_timeout,
    parsed_expressions,
    start_delay,
    task_threads,
    throttled_functions,
    tracing,
)
