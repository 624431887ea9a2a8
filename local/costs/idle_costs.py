"""The bill of a month in which nobody orders."""

import time
from collections.abc import Iterator
from typing import Any

from environments.settings import Settings
from environments.user_error import UserError
from local.costs.deployed_environment import DeployedEnvironment
from local.costs.order_costs import BillingConditions, BillLine, order_lines
from local.costs.reported_usage import UsageCounts, UsageMeter

MINUTES_A_MONTH = 730 * 60
# Lambda keeps five long polls of 20 s open on a queue that is empty (Lambda Developer Guide, "Using Lambda with Amazon
# SQS"; AWS Compute Blog on its polling).
POLLS_A_MINUTE = 5 * 3
SCHEDULES = 2
PATIENCE_SECONDS = 75
PAUSE_SECONDS = 0.5
Document = dict[str, Any]


def measure_a_minute(meter: UsageMeter) -> UsageCounts:
    """Return what the runs of each minute use; waits for the next minute's."""
    before, start = meter.read(), time.monotonic()
    while time.monotonic() - start < PATIENCE_SECONDS:
        time.sleep(PAUSE_SECONDS)
        used = meter.read().since(before)
        called = used.total("scheduler", "invocations")
        if called >= SCHEDULES and used.total("lambda", "requests") >= called:
            time.sleep(PAUSE_SECONDS)
            return meter.read().since(before)
    raise UserError(f"no schedule of the local run came within {PATIENCE_SECONDS} s")


def idle_lines(deployed: DeployedEnvironment, minute: UsageCounts, metrics: int) -> list[BillLine]:
    """Return the bill of a month, by what is deployed and what a minute's runs use."""
    all_of = deployed.all_of
    asking = sum(use.a_second for use in deployed.key_uses if use.is_without_orders)
    rules = [rule for one in all_of("wafv2_web_acl") for rule in one.get("rule", [])]
    return [
        BillLine(
            "alarms: metrics that they watch",
            "alarm_month",
            sum(map(_count_metrics, all_of("cloudwatch_metric_alarm"))),
        ),
        BillLine("alarms: composite", "composite_alarm_month", len(all_of("cloudwatch_composite_alarm"))),
        BillLine("dashboard", "dashboard_month", len(all_of("cloudwatch_dashboard"))),
        BillLine("custom metrics of the functions", "metric_month", metrics),
        BillLine("KMS: keys", "kms_key_month", len(all_of("kms_key"))),
        BillLine("KMS: requests", "kms_request", asking * 60 * MINUTES_A_MONTH, is_estimate=True),
        BillLine("firewalls", "firewall_month", len(all_of("wafv2_web_acl"))),
        BillLine("firewalls: rules", "firewall_rule_month", len(rules)),
        BillLine("queue: empty receives", "sqs_request", POLLS_A_MINUTE * MINUTES_A_MONTH),
        BillLine("schedules", "schedule", minute.total("scheduler", "invocations") * MINUTES_A_MONTH),
        *_lines_of_each_minute(deployed.settings, minute),
    ]


def _lines_of_each_minute(settings: Settings, minute: UsageCounts) -> Iterator[BillLine]:
    conditions = BillingConditions(function_log_level=settings.function_log_level)
    names = {"tables: read units", "functions: requests", "functions: GB-seconds", "logs of the functions"}
    for line in order_lines(minute, conditions):
        if line.name in names:
            name = f"{line.name}, each minute's runs"
            yield BillLine(name, line.price, line.quantity * MINUTES_A_MONTH, line.is_estimate)


def _count_metrics(alarm: Document) -> int:
    """Return how many metrics an alarm watches: each of them is billed."""
    return sum("metric" in query for query in alarm.get("metric_query", [])) or 1
