"""The resources of one environment, as IAM's policies name them."""

from dataclasses import dataclass

from environments.names import API_LOG_GROUPS, arn, bucket_arn, dashboard_arn, function_log_group, workflow_log_group
from environments.settings import Settings
from stacks.components.firewall import EDGE_REGION
from stacks.components.key import via_services
from stacks.iam import Conditions

# The services that make a role for themselves, and its name: with the first API, and with the first sender of mail.
OWN_ROLES = {
    "appsync.amazonaws.com": "AWSServiceRoleForAppSync",
    "email.cognito-idp.amazonaws.com": "AWSServiceRoleForAmazonCognitoIdpEmailService",
}


# Whom the roles of the orders stack trust.
ASSUMING_SERVICES = tuple(f"{name}.amazonaws.com" for name in ("appsync", "lambda", "scheduler", "states"))


@dataclass(frozen=True)
class Scope:
    """ARNs and conditions that match one environment's resources and no others."""

    settings: Settings

    @property
    def bucket(self) -> str:
        """The bucket of undelivered announcements; the state's bucket has a name of the same form."""
        return bucket_arn(self.settings.names.undelivered)

    @property
    def page_bucket(self) -> str:
        """The bucket of the page."""
        return bucket_arn(self.settings.names.bucket("web"))

    @property
    def names(self) -> str:
        """What all names of the environment's resources match."""
        return self.settings.name("*")

    @property
    def state_bucket(self) -> str:
        """The bucket of the state."""
        return bucket_arn(self.settings.state_bucket)

    @property
    def states(self) -> list[str]:
        """The states of the stacks that are delivered: the API's and the page's."""
        names = self.settings.names
        return [f"{self.state_bucket}/{stack}.tfstate" for stack in (names.orders_stack, names.web_stack)]

    @property
    def locks(self) -> list[str]:
        """What is beside a state while somebody writes it."""
        return [f"{state}.tflock" for state in self.states]

    @property
    def roles(self) -> str:
        """The roles of the orders stack; those of the delivery have a path of their own."""
        return f"arn:aws:iam::{self.settings.account_id}:role/{self.settings.name('*')}"

    @property
    def service_linked_roles(self) -> dict[str, str]:
        """The roles that services make for themselves, by service."""
        roles = f"arn:aws:iam::{self.settings.account_id}:role/aws-service-role"
        return {service: f"{roles}/{service}/{name}" for service, name in OWN_ROLES.items()}

    @property
    def schedules(self) -> list[str]:
        """The schedules, in whichever group."""
        return self.named("scheduler", "schedule/*/{}")

    @property
    def keys(self) -> list[str]:
        """The KMS keys of the account: none has a name, so conditions choose among them."""
        return [self.arn("kms", "key/*")]

    @property
    def web_acls(self) -> list[str]:
        """The web ACLs: those of API and customers in the environment's region, the page's where CloudFront looks."""
        return self._firewall(f"webacl/{self.names}/*")

    @property
    def managed_rules(self) -> list[str]:
        """The rule groups that AWS manages, as a web ACL refers to them."""
        return self._firewall("managedruleset/*/*")

    def _firewall(self, resource: str) -> list[str]:
        edge = arn("wafv2", f"global/{resource}", account_id=self.settings.account_id, region=EDGE_REGION)
        return [self.arn("wafv2", f"regional/{resource}"), edge]

    @property
    def key_aliases(self) -> list[str]:
        """The aliases of the keys of the topics, of what is stored and of the page."""
        names = self.settings.names
        return [self.arn("kms", one) for one in (names.ops_key_alias, names.data_key_alias, names.page_key_alias)]

    @property
    def dashboards(self) -> list[str]:
        """The dashboards, which are in no region."""
        return [dashboard_arn(self.settings.name("*"), self.settings.account_id)]

    @property
    def log_groups(self) -> list[str]:
        """The log groups; AppSync names its own after the API's id."""
        name = self.settings.name("*")
        groups = (function_log_group(name), workflow_log_group(name), API_LOG_GROUPS)
        return [self.arn("logs", f"log-group:{group}") for group in groups]

    def arn(self, service: str, resource: str) -> str:
        """The ARN of a resource in the environment's account and region."""
        return self.settings.names.arn(service, resource)

    def edge(self, resource: str) -> str:
        """The ARN of a resource of CloudFront, which is in no region."""
        return f"arn:aws:cloudfront::{self.settings.account_id}:{resource}"

    def named(self, service: str, resource: str = "{}") -> list[str]:
        """The ARN of all resources of a kind that have the environment's names; `{}` is where the name stands."""
        return [self.arn(service, resource.format(self.settings.name("*")))]

    def tagged(self, key: str) -> Conditions:
        """The environment's tags, on the resource (`aws:ResourceTag`) or in the request (`aws:RequestTag`)."""
        return {"StringEquals": {f"{key}/{name}": value for name, value in self.settings.names.tags.items()}}

    def tagging(self) -> Conditions:
        """Giving something the environment's tags: as it is made, or when it has them already; never another's.

        What is being made has no tags yet, so the second condition can only hold for those that are there.
        """
        return {
            **self.tagged("aws:RequestTag"),
            "StringEqualsIfExists": self.tagged("aws:ResourceTag")["StringEquals"],
        }

    def of_functions(self) -> Conditions:
        """Event source mappings of the environment's functions."""
        return {"ArnLike": {"lambda:FunctionArn": self.named("lambda", "function:{}")}}

    def in_region(self) -> Conditions:
        """Calls to the environment's region."""
        return {"StringEquals": {"aws:RequestedRegion": self.settings.region}}

    def own_keys(self) -> Conditions:
        """The environment's keys, by their tags, but for the one that encrypts the state, which has the same."""
        alias = self.settings.names.state_key_alias
        return {**self.tagged("aws:ResourceTag"), "ForAllValues:StringNotEquals": {"kms:ResourceAliases": alias}}

    def own_keys_through(self, *services: str) -> Conditions:
        """These keys, where one of the services uses them for somebody."""
        own, used = self.own_keys(), via_services(self.settings.region, *services)
        return {**own, "StringEquals": {**own["StringEquals"], **used["StringEquals"]}}

    def with_state_key(self) -> Conditions:
        """The key that encrypts the state."""
        return {"ForAnyValue:StringEquals": {"kms:ResourceAliases": self.settings.names.state_key_alias}}


def actions(service: str, names: str) -> list[str]:
    """`sqs` and `SendMessage ReceiveMessage` as IAM's actions."""
    return [f"{service}:{name}" for name in names.split()]


def removal(scope: Scope, *removing: str) -> list[str]:
    """The actions, unless removal is an administrator's business."""
    return [] if scope.settings.removal_protection else [*removing]
