"""CloudWatch log groups."""

from functools import cached_property

from cdktf_cdktf_provider_aws.cloudwatch_log_group import CloudwatchLogGroup
from cdktf_cdktf_provider_aws.iam_role_policy import IamRolePolicy
from constructs import Construct

from stacks.components.key import EncryptionKey
from stacks.iam import Account, Grantee, Statement, allow


class LogGroup(Construct):
    """A log group with retention; otherwise the service would create it without."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        retention_days: int,
        account: Account,
        key: EncryptionKey | None = None,
    ) -> None:
        """Create the group; it is encrypted with the key, or with the service's own.

        CloudWatch Logs must be allowed to use the key (`encrypting_logs`).
        """
        super().__init__(scope, id_)
        self._resource = CloudwatchLogGroup(
            self, "Resource", name=name, retention_in_days=retention_days, kms_key_id=key.arn if key else None
        )
        self.known_arn = account.arn("logs", f"log-group:{name}")

    @cached_property
    def name(self) -> str:
        """The group's name, which carries the dependency on the group."""
        return str(self._resource.name)

    @cached_property
    def arn(self) -> str:
        """The group's ARN, which carries the dependency on the group."""
        return str(self._resource.arn)

    def grant_write(self, grantee: Grantee) -> IamRolePolicy:
        """Let the grantee write log events, but not create groups."""
        return grantee.allow(
            "write-logs", actions=["logs:CreateLogStream", "logs:PutLogEvents"], resources=[f"{self.known_arn}:*"]
        )


def encrypting_logs(account: Account, *groups: str) -> Statement:
    """Let CloudWatch Logs use a key for the log groups of these names, by a statement of the key's policy.

    It is what CloudWatch Logs asks for (user guide, "Encrypt log data in CloudWatch Logs using AWS KMS").
    """
    return allow(
        ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"],
        resources=["*"],
        principal={"Service": f"logs.{account.region}.amazonaws.com"},
        conditions={
            "ArnLike": {
                "kms:EncryptionContext:aws:logs:arn": [account.arn("logs", f"log-group:{group}") for group in groups]
            }
        },
    )
