"""Permissions to write alarms, log groups and the dashboard."""

from stacks.delivery.environment_resources import Scope, actions
from stacks.iam import Statement, allow


def write_alarms(scope: Scope) -> list[Statement]:
    """Return the permissions to create, change and remove alarms, log groups and the dashboard."""
    return [
        allow(
            actions("cloudwatch", "DeleteAlarms PutCompositeAlarm PutMetricAlarm TagResource UntagResource"),
            resources=scope.arns_by_name("cloudwatch", "alarm:{}"),
        ),
        *write_composite_alarms(scope),
        *write_log_groups(scope),
        *write_dashboard(scope),
    ]


def write_composite_alarms(scope: Scope) -> list[Statement]:
    """Return the permissions to create, change and remove alarms on other alarms.

    CloudWatch's API reference asks for `*` as the resource of both actions. The Service
    Authorization Reference lists the alarm.
    """
    return [
        allow(["cloudwatch:PutCompositeAlarm"], resources=["*"], conditions=scope.if_in_region()),
        allow(["cloudwatch:DeleteAlarms"], resources=["*"], conditions=scope.if_tagged("aws:ResourceTag")),
    ]


def write_log_groups(scope: Scope) -> list[Statement]:
    """Return the permissions to create, change and remove the log groups."""
    return [
        allow(
            actions(
                "logs",
                "AssociateKmsKey CreateLogGroup DeleteLogGroup DeleteRetentionPolicy DisassociateKmsKey"
                " PutRetentionPolicy TagResource UntagResource",
            ),
            resources=scope.log_groups,
        )
    ]


def write_dashboard(scope: Scope) -> list[Statement]:
    """Return the permissions to create, change and remove the dashboard."""
    return [allow(actions("cloudwatch", "DeleteDashboards PutDashboard"), resources=scope.dashboards)]
