"""Metrics of this system's functions."""

from environments.names import METRICS_NAMESPACE
from environments.settings import Settings
from stacks.components.metric import Metric


def lambda_metric(use_case: str, name: str, settings: Settings, statistic: str = "Sum") -> Metric:
    """Return a metric that Lambda measures of a function."""
    return Metric("AWS/Lambda", name, {"FunctionName": settings.names.function(use_case)}, statistic)


def own_metric(name: str, *, by: str, settings: Settings, statistic: str = "Sum") -> Metric:
    """Return a metric that a function counts; `orders.metrics` writes namespace and dimensions."""
    return Metric(METRICS_NAMESPACE, name, {"service": by, "environment": settings.environment}, statistic)
