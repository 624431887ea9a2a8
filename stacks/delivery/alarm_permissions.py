"""Permissions to write alarms, log groups and the dashboard."""

from stacks.delivery.environment_resources import Scope, actions, unless_protected
from stacks.iam import Conditions, Statement, allow


def write_alarms(scope: Scope) -> list[Statement]:
    """Return the permissions to create, change and remove alarms, log groups and the dashboard."""
    return [
        allow(
            actions("cloudwatch", "DeleteAlarms TagResource UntagResource"),
            resources=scope.arns_by_name("cloudwatch", "alarm:{}"),
        ),
        allow(
            actions("cloudwatch", "PutCompositeAlarm PutMetricAlarm"),
            resources=scope.arns_by_name("cloudwatch", "alarm:{}"),
            conditions=_telling_own_topics(scope),
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
        allow(
            ["cloudwatch:PutCompositeAlarm"],
            resources=["*"],
            conditions={**scope.if_in_region(), **_telling_own_topics(scope)},
        ),
        allow(["cloudwatch:DeleteAlarms"], resources=["*"], conditions=scope.if_tagged("aws:ResourceTag")),
    ]


def _telling_own_topics(scope: Scope) -> Conditions:
    """Match alarms that do nothing but publish to the environment's topics.

    An alarm can also stop servers, run functions and open incidents, on behalf of CloudWatch.
    """
    return {"ForAllValues:StringLike": {"cloudwatch:AlarmActions": scope.arns_by_name("sns")}}


def write_log_groups(scope: Scope) -> list[Statement]:
    """Return the permissions to create, change and remove the log groups.

    With removal protection, only an administrator creates and removes them, because the right to
    set a new group's retention is the right to shorten that of another.
    """
    return [
        allow(
            [
                *actions("logs", "AssociateKmsKey DisassociateKmsKey TagResource UntagResource"),
                *unless_protected(scope, "logs:CreateLogGroup", "logs:DeleteLogGroup"),
                *unless_protected(scope, "logs:DeleteRetentionPolicy", "logs:PutRetentionPolicy"),
            ],
            resources=scope.log_groups,
        )
    ]


def write_dashboard(scope: Scope) -> list[Statement]:
    """Return the permissions to create, change and remove the dashboard."""
    return [allow(actions("cloudwatch", "DeleteDashboards PutDashboard"), resources=scope.dashboards)]
