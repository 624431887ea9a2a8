"""Saved queries of Logs Insights: the name of each, the logs that it reads, and its text.

The functions' own fields are those of their log lines; a test compares them. The others are AWS's: of Lambda's reports
(Lambda developer guide, "Log events for system logs"), of Step Functions' log (its developer guide, "Using CloudWatch
Logs to log execution history") and of AppSync's (its developer guide, "Log type reference").
"""

from dataclasses import dataclass

from environments.names import FUNCTIONS

WORKFLOW, API = "workflow", "api"


@dataclass(frozen=True, kw_only=True)
class Query:
    """A query over the logs of use cases' functions, of the workflow or of the API."""

    noun: str
    logs: tuple[str, ...]
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        """The query's text for Logs Insights."""
        return "\n| ".join(self.lines)


QUERIES = (
    # Replace ORDER_ID by the order's id.
    Query(
        noun="one-order",
        logs=(API, *FUNCTIONS, WORKFLOW),
        lines=(
            "fields @timestamp, coalesce(service, type, logType) as part,"
            " coalesce(message, details.name, @message) as what,"
            " status, version, result, coalesce(reason, details.error) as why, user_id, xray_trace_id",
            "filter @message like /ORDER_ID/",
            "sort @timestamp asc",
            "limit 1000",
        ),
    ),
    Query(
        noun="failing-functions",
        logs=FUNCTIONS,
        lines=(
            'filter level = "ERROR" or (type = "platform.report" and record.status != "success")',
            "fields coalesce(function_request_id, requestId, record.requestId) as call,"
            " coalesce(exception_name, errorType, message, record.status) as what",
            "stats count_distinct(call) as calls, max(@timestamp) as last by @log, what",
            "sort calls desc",
        ),
    ),
    Query(
        noun="slow-functions",
        logs=FUNCTIONS,
        lines=(
            'filter type = "platform.report"',
            "stats count(*) as calls, pct(record.metrics.durationMs, 95) as p95,"
            " max(record.metrics.durationMs) as longest, max(record.metrics.maxMemoryUsedMB) as memory by @log",
            "sort longest desc",
        ),
    ),
    Query(
        noun="slowest-payments",
        logs=("charge_payment",),
        lines=(
            "fields @timestamp, milliseconds, action, result, exception_name, order_id, user_id, xray_trace_id",
            "filter ispresent(milliseconds)",
            "sort milliseconds desc",
            "limit 20",
        ),
    ),
    # The name of an execution, in its ARN, ends with the order's id.
    Query(
        noun="failed-workflows",
        logs=(WORKFLOW,),
        lines=(
            "fields @timestamp, type, details.error, details.cause, execution_arn",
            'filter type in ["ExecutionFailed", "ExecutionTimedOut", "ExecutionAborted"]',
            "sort @timestamp desc",
            "limit 100",
        ),
    ),
    Query(
        noun="swept-orders",
        logs=("sweep",),
        lines=(
            'filter message in ["hint sent again", "order given up and settled"]',
            "stats count(*) as times, max(@timestamp) as last by message, order_id, user_id",
            "sort times desc",
            "limit 100",
        ),
    ),
    Query(
        noun="api-errors",
        logs=(API,),
        lines=(
            "fields @timestamp, requestId, logType, @message",
            "filter @message like /(?i)error|no message sent/",
            "sort @timestamp desc",
            "limit 100",
        ),
    ),
)
