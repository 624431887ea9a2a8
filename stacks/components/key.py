"""KMS keys."""

from collections.abc import Sequence
from functools import cached_property

from cdktf import TerraformProvider, TerraformResource
from cdktf_cdktf_provider_aws.iam_role_policy import IamRolePolicy
from cdktf_cdktf_provider_aws.kms_alias import KmsAlias
from cdktf_cdktf_provider_aws.kms_key import KmsKey
from constructs import Construct

from stacks.components.deletion_protection import lifecycle
from stacks.iam import Account, Conditions, Grantee, Statement, allow, policy


class EncryptionKey(Construct):
    """A symmetric key that AWS rotates each year, with an alias.

    The account's IAM policies control its use by principals, `users` its use by services.
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
        self._region = account.region
        self._granted: dict[tuple[Grantee, str], IamRolePolicy] = {}
        # In a key's own policy `*` is the key. Without this statement nobody could change the key
        # again.
        owner = allow(["kms:*"], resources=["*"], principal={"AWS": f"arn:aws:iam::{account.id}:root"})
        self._statements = [owner, *users]
        self._resource = KmsKey(
            self,
            "Resource",
            description=description,
            enable_key_rotation=True,
            deletion_window_in_days=30,
            policy=policy(*self._statements),
            lifecycle=lifecycle(removal_protection),
            provider=provider,
        )
        KmsAlias(self, "Alias", name=alias, target_key_id=self._resource.key_id, provider=provider)

    @cached_property
    def arn(self) -> str:
        """The key's ARN, which carries the dependency on the key."""
        return str(self._resource.arn)

    def allow_service(self, user: Statement) -> None:
        """Let one more AWS service use the key, by a statement of the key's own policy."""
        self._statements.append(user)
        self._resource.policy = policy(*self._statements)

    def grant_use(
        self, grantee: Grantee, *actions: str, via: str, before: Sequence[TerraformResource] = ()
    ) -> IamRolePolicy:
        """Let a service use the key for the grantee: `Decrypt` to read, `GenerateDataKey` to write.

        The resources in `before` get the key only after that, so that an environment that is in use
        loses no access when it gets keys. A second call for the same grantee and service adds
        nothing.
        """
        if (grantee, via) not in self._granted:
            self._granted[grantee, via] = grantee.allow(
                f"use-{self.node.id}-via-{via}".lower(),
                actions=[f"kms:{action}" for action in actions],
                resources=[self.arn],
                conditions=via_services(self._region, via),
            )
        grant = self._granted[grantee, via]
        # Terraform accepts no `fqn` here, because that is a reference in braces.
        address = f"{grant.terraform_resource_type}.{grant.friendly_unique_id}"
        for encrypted in before:
            encrypted.depends_on = sorted({*(encrypted.depends_on or []), address})
        return grant


def via_services(region: str, *services: str) -> Conditions:
    """Match calls of KMS that these services make for a principal, such as `sqs` for a sender."""
    hosts = [f"{service}.{region}.amazonaws.com" for service in services]
    return {"StringEquals": {"kms:ViaService": hosts[0] if len(hosts) == 1 else hosts}}
