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

# The shortest that Lambda takes for an asynchronous call, and Scheduler for handing one over.
MAXIMUM_AGE_SECONDS = 60


class Schedule(Construct):
    """A function run at a fixed rate; a run that fails or is late isn't repeated, because the next one comes anyway.

    Scheduler calls the function asynchronously: its own retry policy ends once Lambda has taken the call, and
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
        """`group` is the name of the schedule's own group: Scheduler's metrics name no schedule, but its group."""
        super().__init__(scope, id_)
        role = Role(self, "Role", name=f"{name}-schedule", service="scheduler.amazonaws.com", account=account)
        SchedulerSchedule(
            self,
            "Resource",
            name=name,
            group_name=SchedulerScheduleGroup(self, "Group", name=group).name,
            schedule_expression=expression,
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
