"""Permissions to write what the system is watched by: alarms, log groups and the dashboard."""

from stacks.delivery.scope import Scope, actions
from stacks.iam import Statement, allow


def writing_alarms(scope: Scope) -> list[Statement]:
    """Making, changing and removing the alarms, the log groups and the dashboard."""
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
    """Making, changing and removing the alarms that watch others.

    CloudWatch's API reference wants `*` for both, where the Service Authorization Reference lists the alarm.
    """
    return [
        allow(["cloudwatch:PutCompositeAlarm"], resources=["*"], conditions=scope.in_region()),
        allow(["cloudwatch:DeleteAlarms"], resources=["*"], conditions=scope.tagged("aws:ResourceTag")),
    ]


def writing_log_groups(scope: Scope) -> list[Statement]:
    """Making, changing and removing the log groups."""
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
    """Making, changing and removing the dashboard."""
    return [allow(actions("cloudwatch", "DeleteDashboards PutDashboard"), resources=scope.dashboards)]
