"""Permissions for the web ACLs.

Those of the API and the user pool are in the environment's region, the page's is in us-east-1.
"""

from stacks.delivery.environment_resources import Scope, actions
from stacks.iam import Statement, allow


def read_firewall(scope: Scope) -> list[Statement]:
    """Return the permissions to read the web ACLs, and their association with API and pool."""
    apis, pools = _apis(scope), _pools(scope)
    return [
        allow(actions("wafv2", "GetWebACL ListTagsForResource"), resources=scope.web_acls),
        allow(["wafv2:GetWebACLForResource"], resources=[*scope.web_acls, *apis, *pools]),
        allow(["cognito-idp:GetWebACLForResource"], resources=pools),
        # Of AppSync's actions, AWS's managed policy for WAF has SetWebACL only; the reference lists
        # these too.
        allow(["appsync:GetWebACLForResource"], resources=apis),
    ]


def write_firewall(scope: Scope) -> list[Statement]:
    """Return the permissions to create, change, remove and associate the web ACLs."""
    apis, pools, own = _apis(scope), _pools(scope), scope.if_tagged("aws:ResourceTag")
    return [
        # A web ACL that refers to AWS's rule groups needs the same permission on those.
        allow(actions("wafv2", "CreateWebACL UpdateWebACL"), resources=[*scope.web_acls, *scope.managed_rules]),
        allow(actions("wafv2", "DeleteWebACL TagResource UntagResource"), resources=scope.web_acls),
        allow(["wafv2:AssociateWebACL"], resources=[*scope.web_acls, *apis, *pools]),
        allow(["wafv2:DisassociateWebACL"], resources=[*apis, *pools]),
        allow(["cognito-idp:AssociateWebACL"], resources=scope.web_acls),
        allow(actions("cognito-idp", "AssociateWebACL DisassociateWebACL"), resources=pools, conditions=own),
        allow(actions("appsync", "AssociateWebACL DisassociateWebACL"), resources=apis, conditions=own),
        # IAM takes no narrower resource for this.
        allow(["appsync:SetWebACL"], resources=["*"], conditions=scope.if_in_region()),
    ]


def firewall_limit(scope: Scope) -> list[Statement]:
    """Return the most that a deployment may do with web ACLs, also with those in us-east-1."""
    return [allow(["wafv2:*"], resources=[*scope.web_acls, *scope.managed_rules, *_apis(scope), *_pools(scope)])]


def _apis(scope: Scope) -> list[str]:
    return [scope.arn("appsync", "apis/*")]


def _pools(scope: Scope) -> list[str]:
    return [scope.arn("cognito-idp", "userpool/*")]
