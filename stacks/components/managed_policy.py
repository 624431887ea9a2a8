"""IAM policies that several roles share, or that limit them."""

import json
from collections.abc import Sequence
from functools import cached_property

from cdktf_cdktf_provider_aws.iam_policy import IamPolicy
from constructs import Construct

from stacks.iam import Statement, policy

# IAM's quota; white space doesn't count.
LARGEST_POLICY = 6144


class ManagedPolicy(Construct):
    """A policy of the account: attached to a role it permits, as a role's boundary it limits."""

    def __init__(
        self, scope: Construct, id_: str, *, name: str, path: str, description: str, statements: Sequence[Statement]
    ) -> None:
        super().__init__(scope, id_)
        document = policy(*statements)
        size = len(json.dumps(json.loads(document), separators=(",", ":")))
        if size > LARGEST_POLICY:
            raise ValueError(f"policy {name} must have at most {LARGEST_POLICY} characters, got {size}")
        self._resource = IamPolicy(self, "Resource", name=name, path=path, description=description, policy=document)

    @cached_property
    def arn(self) -> str:
        """The policy's ARN, which carries the dependency on the policy."""
        return str(self._resource.arn)
