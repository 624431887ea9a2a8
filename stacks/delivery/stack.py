"""The roles with which GitHub delivers the environments of one account, and the trust in GitHub.

An administrator applies this stack, once and after each change. A workflow with the right to apply
it could give itself any permission.
"""

from collections.abc import Sequence

from constructs import Construct

from environments.names import DELIVERY_PATH, PROJECT
from environments.settings import Settings
from stacks.components.firewall import EDGE_REGION
from stacks.components.github import GithubProvider, GithubRole
from stacks.components.managed_policy import ManagedPolicy
from stacks.delivery.access_log_permissions import read_access_log, write_access_log
from stacks.delivery.alarm_permissions import write_alarms
from stacks.delivery.boundaries import deploy_boundary, runtime_boundary
from stacks.delivery.deploy_permissions import write_resources, write_roles, write_state
from stacks.delivery.environment_resources import Scope
from stacks.delivery.firewall_permissions import read_firewall, write_firewall
from stacks.delivery.key_permissions import use_keys, write_keys
from stacks.delivery.page_permissions import read_page, write_page
from stacks.delivery.plan_permissions import plan_permissions
from stacks.delivery.trust_alarm import TrustAlarm
from stacks.delivery.verify_permissions import verify_permissions
from stacks.iam import Account, Statement
from stacks.synth.environment_stack import EnvironmentStack

MAIN = "main"


def delivered_by_account(environments: Sequence[Settings]) -> dict[str, list[Settings]]:
    """Return the environments that a repository delivers, by account id."""
    accounts: dict[str, list[Settings]] = {}
    for settings in environments:
        if settings.github_repositories:
            accounts.setdefault(settings.account_id, []).append(settings)
    return accounts


class DeliveryStack(EnvironmentStack):
    """The delivery roles of an account; its first environment's bucket holds the state."""

    def __init__(self, scope: Construct, id_: str, *, environments: Sequence[Settings]) -> None:
        super().__init__(scope, id_, settings=environments[0])
        self._provider = GithubProvider(self, "github")
        # Not an environment's tags: the deploy role may change the resources that have those.
        own = {"Project": PROJECT, "Environment": environments[0].names.delivery_stack}
        edge = self._use_provider("aws-edge", region=EDGE_REGION, alias="edge", tags=own)
        for settings in environments:
            self._roles(settings)
            TrustAlarm(
                self,
                f"{settings.environment}-trust",
                settings=settings,
                account=Account(settings.account_id, EDGE_REGION),
                provider=edge,
            )

    def _roles(self, settings: Settings) -> None:
        scope = Scope(settings)
        repositories = [f"repo:{repository}" for repository in settings.github_repositories]
        reading = ("pull_request", f"ref:refs/heads/{MAIN}")
        plan = self._policy(settings, "plan", "Reads what a plan reads", plan_permissions(scope))
        page = self._policy(
            settings,
            "plan-page",
            "Reads what a plan of the page reads",
            [*read_page(scope), *read_access_log(scope)],
        )
        firewall = self._policy(settings, "plan-firewall", "Reads the web ACLs", read_firewall(scope))
        self._policy(settings, "boundary", "The limit of the roles that the system runs with", runtime_boundary(scope))
        GithubRole(
            self,
            f"{settings.environment}-planner",
            name=settings.name("plan"),
            path=DELIVERY_PATH,
            provider=self._provider,
            subjects=[f"{repository}:{run}" for repository in repositories for run in reading],
            permissions={"plan": plan, "plan-page": page, "plan-firewall": firewall},
        )
        GithubRole(
            self,
            f"{settings.environment}-deployer",
            name=settings.name("deploy"),
            path=DELIVERY_PATH,
            provider=self._provider,
            # GitHub puts the environment into the subject only after its protection rules are
            # satisfied.
            subjects=[f"{repository}:environment:{settings.environment}" for repository in repositories],
            branch=MAIN,
            permissions={
                "plan": plan,
                "plan-page": page,
                "plan-firewall": firewall,
                "firewall": self._policy(settings, "deploy-firewall", "Writes the web ACLs", write_firewall(scope)),
                # In one policy, because a role takes at most ten.
                "page": self._policy(
                    settings,
                    "deploy-page",
                    "Writes the page and what serves it, and confirms the customer who verifies",
                    [*write_page(scope), *write_access_log(scope), *verify_permissions(scope)],
                ),
                "resources": self._policy(settings, "deploy", "Writes the resources", write_resources(scope)),
                "alarms": self._policy(
                    settings,
                    "deploy-alarms",
                    # IAM can't change a description. By now the policy writes all keys of the
                    # environment.
                    "Writes the alarms and their topic's key",
                    [*write_alarms(scope), *write_keys(scope), *use_keys(scope)],
                ),
                "roles": self._policy(
                    settings,
                    "deploy-roles",
                    "Writes the state and the roles",
                    [*write_state(scope), *write_roles(scope)],
                ),
            },
            boundary=self._policy(
                settings, "deploy-boundary", "The limit of the role that deploys", deploy_boundary(scope)
            ),
        )

    def _policy(self, settings: Settings, noun: str, description: str, statements: list[Statement]) -> ManagedPolicy:
        return ManagedPolicy(
            self,
            f"{settings.environment}-{noun}",
            name=settings.name(noun),
            path=DELIVERY_PATH,
            description=description,
            statements=statements,
        )
