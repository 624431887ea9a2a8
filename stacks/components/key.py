"""KMS keys."""

from collections.abc import Sequence

from cdktf import TerraformProvider
from cdktf_cdktf_provider_aws.kms_alias import KmsAlias
from cdktf_cdktf_provider_aws.kms_key import KmsKey
from constructs import Construct

from stacks.components.protection import lifecycle
from stacks.iam import Account, Statement, allow, policy


class Key(Construct):
    """A symmetric key that is rotated each year, and an alias for it.

    The account's IAM policies say who may use it, and `users` which services may.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        alias: str,
        description: str,
        account: Account,
        removal_protection: bool,
        users: Sequence[Statement] = (),
        provider: TerraformProvider | None = None,
    ) -> None:
        super().__init__(scope, id_)
        # In a key's own policy `*` is the key; without this statement nobody could ever change the key again.
        owner = allow(["kms:*"], resources=["*"], principal={"AWS": f"arn:aws:iam::{account.id}:root"})
        self._resource = KmsKey(
            self,
            "Resource",
            description=description,
            enable_key_rotation=True,
            deletion_window_in_days=30,
            policy=policy(owner, *users),
            lifecycle=lifecycle(removal_protection),
            provider=provider,
        )
        KmsAlias(self, "Alias", name=alias, target_key_id=self._resource.key_id, provider=provider)

    @property
    def arn(self) -> str:
        """The key's ARN, which carries the dependency on the key."""
        return str(self._resource.arn)
