"""Trust in GitHub Actions: the identity provider, and roles for workflows without stored keys."""

from collections.abc import Mapping, Sequence
from functools import cached_property

from cdktf_cdktf_provider_aws.iam_openid_connect_provider import IamOpenidConnectProvider
from cdktf_cdktf_provider_aws.iam_role import IamRole
from cdktf_cdktf_provider_aws.iam_role_policy_attachment import IamRolePolicyAttachment
from constructs import Construct

from stacks.components.managed_policy import ManagedPolicy
from stacks.iam import allow, policy

ISSUER = "token.actions.githubusercontent.com"
AUDIENCE = "sts.amazonaws.com"


class GithubProvider(Construct):
    """GitHub's token service, as an identity provider of the account; an account has at most one."""

    def __init__(self, scope: Construct, id_: str) -> None:
        super().__init__(scope, id_)
        # No thumbprints: AWS checks GitHub's certificate against its own list of authorities.
        self._resource = IamOpenidConnectProvider(self, "Resource", url=f"https://{ISSUER}", client_id_list=[AUDIENCE])

    @cached_property
    def arn(self) -> str:
        """The provider's ARN, which carries the dependency on the provider."""
        return str(self._resource.arn)


class GithubRole(Construct):
    """A role for workflow runs whose token has exactly one of the subjects, for one hour at a time."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        path: str,
        provider: GithubProvider,
        subjects: Sequence[str],
        branch: str | None = None,
        permissions: Mapping[str, ManagedPolicy],
        boundary: ManagedPolicy | None = None,
    ) -> None:
        """Create the role; `branch` is for subjects that name an environment and so no branch."""
        super().__init__(scope, id_)
        if wild := [subject for subject in subjects if set(subject) & set("*?")]:
            raise ValueError(f"subjects must be exact, got {', '.join(wild)}")
        claims: dict[str, str | list[str]] = {"aud": AUDIENCE, "sub": list(subjects)}
        if branch:
            claims["ref"] = f"refs/heads/{branch}"
        trust = allow(
            ["sts:AssumeRoleWithWebIdentity"],
            principal={"Federated": provider.arn},
            conditions={"StringEquals": {f"{ISSUER}:{claim}": value for claim, value in claims.items()}},
        )
        role = IamRole(
            self,
            "Resource",
            name=name,
            path=path,
            assume_role_policy=policy(trust),
            permissions_boundary=boundary.arn if boundary else None,
            max_session_duration=60 * 60,
        )
        role_name = role.name
        for noun, permission in permissions.items():
            IamRolePolicyAttachment(self, noun, role=role_name, policy_arn=permission.arn)
