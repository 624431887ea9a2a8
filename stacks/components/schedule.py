"""EventBridge Scheduler schedules."""

from cdktf_cdktf_provider_aws.scheduler_schedule import (
    SchedulerSchedule,
    SchedulerScheduleFlexibleTimeWindow,
    SchedulerScheduleTarget,
    SchedulerScheduleTargetRetryPolicy,
)
from cdktf_cdktf_provider_aws.scheduler_schedule_group import SchedulerScheduleGroup
from constructs import Construct

from stacks.components.function import Function
from stacks.iam import Account, Role

# The shortest age that Lambda accepts for an asynchronous call, and Scheduler for a call to Lambda.
MAXIMUM_AGE_SECONDS = 60


class Schedule(Construct):
    """Functions that run at a fixed rate. A failed or late run isn't repeated: the next one comes.

    Scheduler calls a function asynchronously: its own retry policy ends once Lambda has taken the call, and
    Lambda's begins (EventBridge Scheduler user guide, "Configuring retry policy"; Lambda developer guide,
    "How Lambda handles errors and retries with asynchronous invocation"). So both are switched off.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        group: str,
        account: Account,
        expression: str,
        function: Function,
    ) -> None:
        """Create the first schedule; `group` names the schedules' group.

        Scheduler's metrics have the group as dimension, and no schedule.
        """
        super().__init__(scope, id_)
        self._account = account
        self._expression = expression
        self._group = str(SchedulerScheduleGroup(self, "Group", name=group).name)
        self._call(function, self, name=name)

    def add_target(self, function: Function, *, name: str) -> None:
        """Run another function at the same rate, by a schedule with this name."""
        self._call(function, Construct(self, function.node.id), name=name)

    def _call(self, function: Function, scope: Construct, *, name: str) -> None:
        role = Role(scope, "Role", name=f"{name}-schedule", service="scheduler.amazonaws.com", account=self._account)
        SchedulerSchedule(
            scope,
            "Resource",
            name=name,
            group_name=self._group,
            schedule_expression=self._expression,
            flexible_time_window=SchedulerScheduleFlexibleTimeWindow(mode="OFF"),
            target=SchedulerScheduleTarget(
                arn=function.arn,
                role_arn=role.arn,
                retry_policy=SchedulerScheduleTargetRetryPolicy(
                    maximum_event_age_in_seconds=MAXIMUM_AGE_SECONDS, maximum_retry_attempts=0
                ),
            ),
            depends_on=[
                function.grant_invoke(role),
                function.never_retry(maximum_age_seconds=MAXIMUM_AGE_SECONDS),
            ],
        )
