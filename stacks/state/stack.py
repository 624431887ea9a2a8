"""The buckets of an environment: for Terraform states, this one's included, and access logs."""

from constructs import Construct

from environments.names import bucket_arn
from environments.settings import Settings
from stacks.components.bucket import Bucket
from stacks.components.key import EncryptionKey
from stacks.synth.environment_stack import EnvironmentStack

OLD_VERSIONS_DAYS = 90
NEWEST_VERSIONS = 20


class StateStack(EnvironmentStack):
    """Encrypted buckets that no deployment removes.

    The stack's state belongs into a bucket that it creates. So the first apply uses a local state,
    which is then moved (`make bootstrap`, deployment/bootstrap.py).
    """

    def __init__(self, scope: Construct, id_: str, *, settings: Settings) -> None:
        super().__init__(scope, id_, settings=settings)
        key = EncryptionKey(
            self,
            "key",
            alias=settings.names.state_key_alias,
            description=f"Encrypts the Terraform state of {settings.environment}",
            account=self._account,
            removal_protection=True,
        )
        bucket = Bucket(self, "bucket", name=settings.state_bucket, removal_protection=True, key=key)
        bucket.keep_versions(days=OLD_VERSIONS_DAYS, newest=NEWEST_VERSIONS)
        if settings.access_logs:
            bucket.log_access(to=self._access_logs().deployed_name)

    def _access_logs(self) -> Bucket:
        """Create the bucket of all access logs; here no deployment from GitHub reaches it.

        It uses S3's own key, the only encryption that S3 supports for access logs.
        """
        settings = self._settings
        logs = Bucket(self, "access-logs", name=settings.names.access_logs, removal_protection=True)
        logs.expire_after(days=settings.log_retention_days)
        logs.receive_access_logs(
            account=self._account,
            buckets=[bucket_arn(settings.state_bucket), bucket_arn(settings.name("*"))],
            delivery_source=settings.name("web"),
        )
        return logs
