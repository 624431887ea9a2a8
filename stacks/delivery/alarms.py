"""Permissions for alarms, their topic's key and the dashboard: a plan reads them, a deployment writes them."""

from stacks.delivery.scope import Scope, actions
from stacks.iam import Statement, allow


def reading_key(scope: Scope) -> list[Statement]:
    """Reading the key of the alarms' topic and its alias."""
    return [
        allow(
            actions("kms", "DescribeKey GetKeyPolicy GetKeyRotationStatus ListResourceTags"),
            resources=scope.keys,
            conditions=scope.without_state_key(scope.tagged("aws:ResourceTag")),
        ),
        # IAM takes no narrower resource for this.
        allow(["kms:ListAliases"], resources=["*"], conditions=scope.in_region()),
    ]


def writing_alarms(scope: Scope) -> list[Statement]:
    """Making, changing and removing the alarms, their topic's key and the dashboard."""
    return [
        allow(
            actions("cloudwatch", "DeleteAlarms PutCompositeAlarm PutMetricAlarm TagResource UntagResource"),
            resources=scope.named("cloudwatch", "alarm:{}"),
        ),
        *writing_composite_alarms(scope),
        *writing_dashboard(scope),
        *writing_key(scope),
    ]


def writing_composite_alarms(scope: Scope) -> list[Statement]:
    """Making, changing and removing the alarms that watch others.

    CloudWatch's API reference wants `*` for both, where the Service Authorization Reference lists the alarm.
    """
    return [
        allow(["cloudwatch:PutCompositeAlarm"], resources=["*"], conditions=scope.in_region()),
        allow(["cloudwatch:DeleteAlarms"], resources=["*"], conditions=scope.tagged("aws:ResourceTag")),
    ]


def writing_dashboard(scope: Scope) -> list[Statement]:
    """Making, changing and removing the dashboard."""
    return [allow(actions("cloudwatch", "DeleteDashboards PutDashboard"), resources=scope.dashboards)]


def writing_key(scope: Scope) -> list[Statement]:
    """Making, changing and removing the key of the alarms' topic, and its alias; never the state's key."""
    return [
        allow(["kms:CreateKey"], resources=["*"], conditions=scope.tagged("aws:RequestTag")),
        allow(["kms:TagResource"], resources=scope.keys, conditions=scope.tagging()),
        allow(
            [
                *actions("kms", "CreateAlias DeleteAlias DisableKeyRotation EnableKeyRotation PutKeyPolicy"),
                *actions("kms", "ScheduleKeyDeletion UntagResource UpdateAlias UpdateKeyDescription"),
            ],
            resources=scope.keys,
            # A new key has no alias yet, so what it is called can't be asked for.
            conditions=scope.without_state_key(scope.tagged("aws:ResourceTag")),
        ),
        allow(actions("kms", "CreateAlias DeleteAlias UpdateAlias"), resources=scope.ops_key_alias),
    ]
