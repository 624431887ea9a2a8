"""The resources of one environment, as IAM's policies name them."""

from dataclasses import dataclass

from environments.names import API_LOG_GROUPS, arn, bucket_arn, dashboard_arn, function_log_group, workflow_log_group
from environments.settings import Settings
from stacks.components.firewall import EDGE_REGION
from stacks.components.key import via_services
from stacks.iam import Conditions

# The services that create a role for themselves, with the role's name: for the first API, and for
# the first sender of mail.
SERVICE_LINKED_ROLES = {
    "appsync.amazonaws.com": "AWSServiceRoleForAppSync",
    "email.cognito-idp.amazonaws.com": "AWSServiceRoleForAmazonCognitoIdpEmailService",
}


# The services that the roles of the orders stack trust.
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
        """The pattern that all names of the environment's resources match."""
        return self.settings.name("*")

    @property
    def state_bucket(self) -> str:
        """The bucket of the state."""
        return bucket_arn(self.settings.state_bucket)

    @property
    def states(self) -> list[str]:
        """The state objects of the stacks that GitHub delivers: the API's and the page's."""
        names = self.settings.names
        return [f"{self.state_bucket}/{stack}.tfstate" for stack in (names.orders_stack, names.web_stack)]

    @property
    def locks(self) -> list[str]:
        """The lock objects beside the states while somebody writes those."""
        return [f"{state}.tflock" for state in self.states]

    @property
    def roles(self) -> str:
        """The roles of the orders stack; the delivery's roles have another path."""
        return f"arn:aws:iam::{self.settings.account_id}:role/{self.settings.name('*')}"

    @property
    def service_linked_roles(self) -> dict[str, str]:
        """The ARNs of the roles that services create for themselves, by service."""
        roles = f"arn:aws:iam::{self.settings.account_id}:role/aws-service-role"
        return {service: f"{roles}/{service}/{name}" for service, name in SERVICE_LINKED_ROLES.items()}

    @property
    def schedules(self) -> list[str]:
        """The schedules, in any group."""
        return self.arns_by_name("scheduler", "schedule/*/{}")

    @property
    def keys(self) -> list[str]:
        """All KMS keys of the account: keys have no names, so conditions choose among them."""
        return [self.arn("kms", "key/*")]

    @property
    def web_acls(self) -> list[str]:
        """The web ACLs: API's and pool's in the environment's region, the page's in us-east-1."""
        return self._firewall(f"webacl/{self.names}/*")

    @property
    def managed_rules(self) -> list[str]:
        """The rule groups that AWS manages, by the ARNs that a web ACL refers to."""
        return self._firewall("managedruleset/*/*")

    def _firewall(self, resource: str) -> list[str]:
        cloudfront_arn = arn("wafv2", f"global/{resource}", account_id=self.settings.account_id, region=EDGE_REGION)
        return [self.arn("wafv2", f"regional/{resource}"), cloudfront_arn]

    @property
    def key_aliases(self) -> list[str]:
        """The aliases of the keys for the topics, for stored data and for the page."""
        names = self.settings.names
        return [self.arn("kms", one) for one in (names.ops_key_alias, names.data_key_alias, names.page_key_alias)]

    @property
    def dashboards(self) -> list[str]:
        """The dashboards, whose ARNs have no region."""
        return [dashboard_arn(self.settings.name("*"), self.settings.account_id)]

    @property
    def log_groups(self) -> list[str]:
        """The log groups; AppSync names its group after the API's id."""
        name = self.settings.name("*")
        groups = (function_log_group(name), workflow_log_group(name), API_LOG_GROUPS)
        return [self.arn("logs", f"log-group:{group}") for group in groups]

    def arn(self, service: str, resource: str) -> str:
        """Return the ARN of a resource in the environment's account and region."""
        return self.settings.names.arn(service, resource)

    def cloudfront_arn(self, resource: str) -> str:
        """Return the ARN of a resource of CloudFront, which has no region."""
        return f"arn:aws:cloudfront::{self.settings.account_id}:{resource}"

    def arns_by_name(self, service: str, resource: str = "{}") -> list[str]:
        """Return the ARN of all resources of a kind with the environment's names.

        `{}` in `resource` is the place of the name.
        """
        return [self.arn(service, resource.format(self.settings.name("*")))]

    def if_tagged(self, key: str) -> Conditions:
        """Match the environment's tags.

        `key` is `aws:ResourceTag` for tags on the resource, `aws:RequestTag` for those in the
        request.
        """
        return {"StringEquals": {f"{key}/{name}": value for name, value in self.settings.names.tags.items()}}

    def if_tagging(self) -> Conditions:
        """Match calls that tag a new resource, or one of the environment's, with its tags.

        A new resource has no tags yet. So the second condition only applies to existing ones, and
        never admits those of another environment.
        """
        return {
            **self.if_tagged("aws:RequestTag"),
            "StringEqualsIfExists": self.if_tagged("aws:ResourceTag")["StringEquals"],
        }

    def if_tagging_what_holds_data(self) -> Conditions:
        """Match calls that tag a key or a user pool with the environment's tags.

        With removal protection, an administrator creates these, so that they have the tags already.
        Then no other key or pool of the account can be taken over by tagging it.
        """
        if not self.settings.removal_protection:
            return self.if_tagging()
        tags = (self.if_tagged(f"aws:{side}Tag")["StringEquals"] for side in ("Request", "Resource"))
        return {"StringEquals": {key: value for pairs in tags for key, value in dict(pairs).items()}}

    def if_keeping_tags(self) -> Conditions:
        """Match calls that change one of the environment's resources and give it no tags.

        For calls that could: the provider tags with calls of their own.
        """
        return {**self.if_tagged("aws:ResourceTag"), "Null": {"aws:TagKeys": "true"}}

    def if_of_functions(self) -> Conditions:
        """Match event source mappings of the environment's functions."""
        return {"ArnLike": {"lambda:FunctionArn": self.arns_by_name("lambda", "function:{}")}}

    def if_in_region(self) -> Conditions:
        """Match calls to the environment's region."""
        return {"StringEquals": {"aws:RequestedRegion": self.settings.region}}

    def if_own_keys(self) -> Conditions:
        """Match the environment's keys by their tags.

        The state's key, with the same tags, is excluded.
        """
        alias = self.settings.names.state_key_alias
        return {**self.if_tagged("aws:ResourceTag"), "ForAllValues:StringNotEquals": {"kms:ResourceAliases": alias}}

    def if_own_keys_via(self, *services: str) -> Conditions:
        """Match these keys when one of the services uses them on somebody's behalf."""
        own, used = self.if_own_keys(), via_services(self.settings.region, *services)
        return {**own, "StringEquals": {**own["StringEquals"], **used["StringEquals"]}}

    def if_state_key(self) -> Conditions:
        """Match the key that encrypts the state."""
        return {"ForAnyValue:StringEquals": {"kms:ResourceAliases": self.settings.names.state_key_alias}}


def actions(service: str, names: str) -> list[str]:
    """Return IAM's actions: `sqs` and `SendMessage GetQueueUrl` give `sqs:SendMessage` etc."""
    return [f"{service}:{name}" for name in names.split()]


def unless_protected(scope: Scope, *removing: str) -> list[str]:
    """Return the actions, or none if only an administrator may remove things."""
    return [] if scope.settings.removal_protection else [*removing]
