"""KMS keys."""

from collections.abc import Sequence

from cdktf import TerraformProvider, TerraformResource
from cdktf_cdktf_provider_aws.iam_role_policy import IamRolePolicy
from cdktf_cdktf_provider_aws.kms_alias import KmsAlias
from cdktf_cdktf_provider_aws.kms_key import KmsKey
from constructs import Construct

from stacks.components.protection import lifecycle
from stacks.iam import Account, Conditions, Grantee, Statement, allow, policy


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
        self._region = account.region
        self._granted: dict[tuple[Grantee, str], IamRolePolicy] = {}
        # In a key's own policy `*` is the key; without this statement nobody could ever change the key again.
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

    @property
    def arn(self) -> str:
        """The key's ARN, which carries the dependency on the key."""
        return str(self._resource.arn)

    def let_use(self, user: Statement) -> None:
        """Let one more AWS service use the key, by a statement of the key's own policy."""
        self._statements.append(user)
        self._resource.policy = policy(*self._statements)

    def grant_use(
        self, grantee: Grantee, *actions: str, via: str, before: Sequence[TerraformResource] = ()
    ) -> IamRolePolicy:
        """Let a service use the key for the grantee: `Decrypt` to read, `GenerateDataKey` to write.

        What is named in `before` gets the key only then, so that nobody is locked out when an environment that runs
        gets keys. Asking again for the same is no second grant.
        """
        if (grantee, via) not in self._granted:
            self._granted[grantee, via] = grantee.allow(
                f"use-{self.node.id}-via-{via}".lower(),
                actions=[f"kms:{action}" for action in actions],
                resources=[self.arn],
                conditions=via_services(self._region, via),
            )
        grant = self._granted[grantee, via]
        # `fqn` is a reference in braces, which Terraform doesn't take here.
        address = f"{grant.terraform_resource_type}.{grant.friendly_unique_id}"
        for encrypted in before:
            encrypted.depends_on = sorted({*(encrypted.depends_on or []), address})
        return grant


def via_services(region: str, *services: str) -> Conditions:
    """Calls of KMS that these services make for somebody, such as `sqs` for whoever sends a message."""
    hosts = [f"{service}.{region}.amazonaws.com" for service in services]
    return {"StringEquals": {"kms:ViaService": hosts[0] if len(hosts) == 1 else hosts}}
