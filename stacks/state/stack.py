"""The bucket that an environment's state lives in, this stack's own included."""

from constructs import Construct

from environments.settings import Settings
from stacks.components.bucket import Bucket
from stacks.components.key import Key
from stacks.synth.environment_stack import EnvironmentStack

OLD_VERSIONS_DAYS = 90
NEWEST_VERSIONS = 20


class StateStack(EnvironmentStack):
    """A versioned, encrypted bucket that no deployment removes.

    Its backend is the bucket that it makes, so it is first applied with a local state and then moved
    (`make bootstrap`, deployment/bootstrap.py).
    """

    def __init__(self, scope: Construct, id_: str, *, settings: Settings) -> None:
        super().__init__(scope, id_, settings=settings)
        key = Key(
            self,
            "key",
            alias=settings.names.state_key_alias,
            description=f"Encrypts the Terraform state of {settings.environment}",
            account=self._account,
            removal_protection=True,
        )
        bucket = Bucket(self, "bucket", name=settings.state_bucket, removal_protection=True, key=key)
        bucket.keep_versions(days=OLD_VERSIONS_DAYS, newest=NEWEST_VERSIONS)
