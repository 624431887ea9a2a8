"""IAM, in this module only: roles, their permissions, and the JSON of policies."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

from cdktf_cdktf_provider_aws.iam_role import IamRole
from cdktf_cdktf_provider_aws.iam_role_policy import IamRolePolicy
from constructs import Construct

from environments.names import arn

Conditions = Mapping[str, Mapping[str, str | Sequence[str]]]
Statement = dict[str, Any]

# Lambda doesn't pass aws:SourceAccount when it assumes a role.
LAMBDA = "lambda.amazonaws.com"
TRACING = ("xray:PutTelemetryRecords", "xray:PutTraceSegments")


@dataclass(frozen=True)
class Account:
    """An account and a region, which know their resources' ARNs before those exist.

    So policies need no references to attributes. Terraform would refuse those between a queue, its
    dead-letter queue and their policies as a cycle.
    """

    id: str
    region: str
    # The policy that limits every role created here, whatever the role's own policies allow.
    permissions_boundary: str | None = None

    def arn(self, service: str, resource: str) -> str:
        """Return the ARN of a resource in this account and region."""
        return arn(service, resource, account_id=self.id, region=self.region)


class Grantee(Protocol):
    """The receiver of permissions; constructs with a role have one as their `grantee`."""

    def allow(
        self, id_: str, *, actions: Sequence[str], resources: Sequence[str], conditions: Conditions | None = None
    ) -> IamRolePolicy:
        """Permit the actions on the resources.

        Depend on the returned policy if AWS checks it when the resource is created.
        """
        ...


class Role(Construct):
    """A role that one AWS service assumes, with one inline policy for each grant."""

    def __init__(self, scope: Construct, id_: str, *, name: str, service: str, account: Account) -> None:
        super().__init__(scope, id_)
        self.name = name
        self._resource = IamRole(
            self,
            "Resource",
            name=name,
            assume_role_policy=policy(trust(service, account.id)),
            permissions_boundary=account.permissions_boundary,
        )

    @cached_property
    def arn(self) -> str:
        """The role's ARN."""
        return str(self._resource.arn)

    @cached_property
    def _deployed_name(self) -> str:
        """The role's name, which carries the dependency on the role."""
        return str(self._resource.name)

    def allow(
        self, id_: str, *, actions: Sequence[str], resources: Sequence[str], conditions: Conditions | None = None
    ) -> IamRolePolicy:
        """Permit the actions on the resources."""
        document = policy(allow(actions, resources=resources, conditions=conditions))
        return IamRolePolicy(self, id_, name=id_, role=self._deployed_name, policy=document)

    def allow_tracing(self, *actions: str) -> IamRolePolicy:
        """Let the service call X-Ray; without `actions`, to write segments.

        X-Ray's actions have no resource ARNs.
        """
        return self.allow("trace", actions=actions or TRACING, resources=["*"])


def trust(service: str, account_id: str) -> Statement:
    """Trust an AWS service that acts on behalf of the account."""
    conditions = None if service == LAMBDA else {"StringEquals": {"aws:SourceAccount": account_id}}
    return allow(["sts:AssumeRole"], principal={"Service": service}, conditions=conditions)


def policy(*statements: Statement) -> str:
    """Return the JSON text of a policy document."""
    # On several lines: `cdktf synth --hcl` breaks a one-line text with both quotes and references.
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)}, indent=2)


def allow(
    actions: Sequence[str],
    *,
    resources: Sequence[str] | None = None,
    principal: Mapping[str, str] | None = None,
    conditions: Conditions | None = None,
) -> Statement:
    """Build a statement that permits; principals are for resources' policies and for trust."""
    return _statement("Allow", actions, resources, principal, conditions)


def deny(actions: Sequence[str], *, resources: Sequence[str], conditions: Conditions) -> Statement:
    """Build a statement of a resource's policy that forbids everybody whom the conditions match."""
    return _statement("Deny", actions, resources, "*", conditions)


def refuse(actions: Sequence[str], *, resources: Sequence[str]) -> Statement:
    """Build a statement of a role's own policy that forbids, whatever other statements allow."""
    return _statement("Deny", actions, resources, None, None)


def deny_plain_http(service: str, *resources: str) -> Statement:
    """Refuse every call of the service on the resources that doesn't use TLS."""
    return deny([f"{service}:*"], resources=resources, conditions={"Bool": {"aws:SecureTransport": "false"}})


def _statement(effect: str, actions: Sequence[str], resources: Any, principal: Any, conditions: Any) -> Statement:
    statement = {
        "Effect": effect,
        "Principal": principal,
        "Action": sorted(actions),
        "Resource": None if resources is None else list(resources),
        "Condition": conditions,
    }
    return {key: value for key, value in statement.items() if value is not None}
