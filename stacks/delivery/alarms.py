"""Permissions to write alarms, log groups and the dashboard."""

from stacks.delivery.scope import Scope, actions
from stacks.iam import Statement, allow


def writing_alarms(scope: Scope) -> list[Statement]:
    """Return the permissions to create, change and remove alarms, log groups and the dashboard."""
    return [
        allow(
            actions("cloudwatch", "DeleteAlarms PutCompositeAlarm PutMetricAlarm TagResource UntagResource"),
            resources=scope.named("cloudwatch", "alarm:{}"),
        ),
        *writing_composite_alarms(scope),
        *writing_log_groups(scope),
        *writing_dashboard(scope),
    ]


def writing_composite_alarms(scope: Scope) -> list[Statement]:
    """Return the permissions to create, change and remove alarms on other alarms.

    CloudWatch's API reference asks for `*` as the resource of both actions. The Service
    Authorization Reference lists the alarm.
    """
    return [
        allow(["cloudwatch:PutCompositeAlarm"], resources=["*"], conditions=scope.in_region()),
        allow(["cloudwatch:DeleteAlarms"], resources=["*"], conditions=scope.tagged("aws:ResourceTag")),
    ]


def writing_log_groups(scope: Scope) -> list[Statement]:
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


def writing_dashboard(scope: Scope) -> list[Statement]:
    """Return the permissions to create, change and remove the dashboard."""
    return [allow(actions("cloudwatch", "DeleteDashboards PutDashboard"), resources=scope.dashboards)]
