"""Step Functions state machines."""

from cdktf_cdktf_provider_aws.iam_role_policy import IamRolePolicy
from cdktf_cdktf_provider_aws.sfn_state_machine import (
    SfnStateMachine,
    SfnStateMachineLoggingConfiguration,
    SfnStateMachineTracingConfiguration,
)
from constructs import Construct

from environments.names import workflow_log_group
from stacks.components.key import EncryptionKey
from stacks.components.log_group import LogGroup
from stacks.iam import TRACING, Account, Grantee, Role

# The actions that a role needs to deliver logs (Step Functions developer guide, "Logging using
# CloudWatch Logs"). CloudWatch Logs has no ARNs for them. The guide's other two actions, which
# write events, are granted on the machine's log group.
LOG_DELIVERY = (
    "logs:CreateLogDelivery",
    "logs:DeleteLogDelivery",
    "logs:DescribeLogGroups",
    "logs:DescribeResourcePolicies",
    "logs:GetLogDelivery",
    "logs:ListLogDeliveries",
    "logs:PutResourcePolicy",
    "logs:UpdateLogDelivery",
)
# Step Functions makes its own sampling decisions (developer guide, "Trace Step Functions request
# data in AWS X-Ray").
SAMPLED_TRACING = (*TRACING, "xray:GetSamplingRules", "xray:GetSamplingTargets")


def state_machine_name(name: str, type_: str) -> str:
    """Return the name of a workflow's machine.

    It contains the type, because a change of type replaces the machine.
    """
    return f"{name}-{type_.lower()}"


class StateMachine(Construct):
    """A Step Functions state machine, with a role, a log group and tracing."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        account: Account,
        type_: str,
        log_retention_days: int,
        log_level: str = "ALL",
        log_data: bool = True,
        log_key: EncryptionKey | None = None,
        traced: bool = True,
    ) -> None:
        """Create role and log group.

        Grant what the definition needs to `grantee`, then `define`.
        """
        super().__init__(scope, id_)
        self.name = state_machine_name(name, type_)
        self.known_arn = account.arn("states", f"stateMachine:{self.name}")
        self._type = type_
        self._log_level = log_level
        self._log_data = log_data
        self._traced = traced
        self.grantee = Role(self, "Role", name=name, service="states.amazonaws.com", account=account)
        self.log_group = LogGroup(
            self, "Logs", name=workflow_log_group(name), retention_days=log_retention_days, account=account, key=log_key
        )
        self._delivery = [
            self.grantee.allow("deliver-logs", actions=LOG_DELIVERY, resources=["*"]),
            self.log_group.grant_write(self.grantee),
        ]

    def define(self, definition: str, *, after: list[IamRolePolicy]) -> None:
        """Create the machine from its States Language text, after the policies that it needs."""
        SfnStateMachine(
            self,
            "Resource",
            name=self.name,
            type=self._type,
            role_arn=self.grantee.arn,
            definition=definition,
            logging_configuration=SfnStateMachineLoggingConfiguration(
                level=self._log_level,
                include_execution_data=self._log_data,
                log_destination=f"{self.log_group.arn}:*",
            ),
            tracing_configuration=SfnStateMachineTracingConfiguration(enabled=self._traced),
            depends_on=[*self._delivery, self.grantee.allow_tracing(*SAMPLED_TRACING), *after],
        )

    def grant_start(self, grantee: Grantee) -> IamRolePolicy:
        """Let the grantee start executions."""
        return grantee.allow(f"start-{self.node.id}", actions=["states:StartExecution"], resources=[self.known_arn])
