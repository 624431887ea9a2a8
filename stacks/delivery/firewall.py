"""Permissions for the web ACLs: the API's and the customers' in the environment's region, the page's in us-east-1."""

from stacks.delivery.scope import Scope, actions
from stacks.iam import Statement, allow


def reading_firewall(scope: Scope) -> list[Statement]:
    """Reading the web ACLs, and which one the API and the customers have."""
    apis, pools = _apis(scope), _pools(scope)
    return [
        allow(actions("wafv2", "GetWebACL ListTagsForResource"), resources=scope.web_acls),
        allow(["wafv2:GetWebACLForResource"], resources=[*scope.web_acls, *apis, *pools]),
        allow(["cognito-idp:GetWebACLForResource"], resources=pools),
        # AWS's managed policy for WAF has of AppSync's actions SetWebACL alone, the reference these too.
        allow(["appsync:GetWebACLForResource"], resources=apis),
    ]


def writing_firewall(scope: Scope) -> list[Statement]:
    """Making, changing, removing and associating the web ACLs."""
    apis, pools = _apis(scope), _pools(scope)
    return [
        # Whoever names AWS's rule groups needs the right on them, as if they were the account's.
        allow(actions("wafv2", "CreateWebACL UpdateWebACL"), resources=[*scope.web_acls, *scope.managed_rules]),
        allow(actions("wafv2", "DeleteWebACL TagResource UntagResource"), resources=scope.web_acls),
        allow(["wafv2:AssociateWebACL"], resources=[*scope.web_acls, *apis, *pools]),
        allow(["wafv2:DisassociateWebACL"], resources=[*apis, *pools]),
        allow(["cognito-idp:AssociateWebACL"], resources=[*scope.web_acls, *pools]),
        allow(["cognito-idp:DisassociateWebACL"], resources=pools),
        allow(actions("appsync", "AssociateWebACL DisassociateWebACL"), resources=apis),
        # IAM takes no narrower resource for this.
        allow(["appsync:SetWebACL"], resources=["*"], conditions=scope.in_region()),
    ]


def limiting_firewall(scope: Scope) -> list[Statement]:
    """What a deployment may do with web ACLs at most; in us-east-1 it may do nothing else."""
    return [allow(["wafv2:*"], resources=[*scope.web_acls, *scope.managed_rules, *_apis(scope), *_pools(scope)])]


def _apis(scope: Scope) -> list[str]:
    return [scope.arn("appsync", "apis/*")]


def _pools(scope: Scope) -> list[str]:
    return [scope.arn("cognito-idp", "userpool/*")]
