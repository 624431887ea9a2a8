"""CloudWatch log groups."""

from cdktf_cdktf_provider_aws.cloudwatch_log_group import CloudwatchLogGroup
from cdktf_cdktf_provider_aws.iam_role_policy import IamRolePolicy
from constructs import Construct

from stacks.iam import Account, Grantee


class LogGroup(Construct):
    """A log group with retention, defined before the service would create it without."""

    def __init__(self, scope: Construct, id_: str, *, name: str, retention_days: int, account: Account) -> None:
        super().__init__(scope, id_)
        self._resource = CloudwatchLogGroup(self, "Resource", name=name, retention_in_days=retention_days)
        self.known_arn = account.arn("logs", f"log-group:{name}")

    @property
    def name(self) -> str:
        """The group's name, which carries the dependency on the group."""
        return str(self._resource.name)

    @property
    def arn(self) -> str:
        """The group's ARN, which carries the dependency on the group."""
        return str(self._resource.arn)

    def grant_write(self, grantee: Grantee) -> IamRolePolicy:
        """Let the grantee write log events, but not create groups."""
        return grantee.allow(
            "write-logs", actions=["logs:CreateLogStream", "logs:PutLogEvents"], resources=[f"{self.known_arn}:*"]
        )
