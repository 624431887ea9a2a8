"""Permissions for the web ACLs: the API's in the environment's region, the page's in us-east-1."""

from stacks.delivery.scope import Scope, actions
from stacks.iam import Statement, allow


def reading_firewall(scope: Scope) -> list[Statement]:
    """Reading the web ACLs, and which one the API has."""
    apis = [scope.arn("appsync", "apis/*")]
    return [
        allow(actions("wafv2", "GetWebACL ListTagsForResource"), resources=scope.web_acls),
        allow(["wafv2:GetWebACLForResource"], resources=[*scope.web_acls, *apis]),
        # AWS's managed policy for WAF has of AppSync's actions SetWebACL alone, the reference these too.
        allow(["appsync:GetWebACLForResource"], resources=apis),
    ]


def writing_firewall(scope: Scope) -> list[Statement]:
    """Making, changing, removing and associating the web ACLs."""
    apis = [scope.arn("appsync", "apis/*")]
    return [
        # Whoever names AWS's rule groups needs the right on them, as if they were the account's.
        allow(actions("wafv2", "CreateWebACL UpdateWebACL"), resources=[*scope.web_acls, *scope.managed_rules]),
        allow(actions("wafv2", "DeleteWebACL TagResource UntagResource"), resources=scope.web_acls),
        allow(["wafv2:AssociateWebACL"], resources=[*scope.web_acls, *apis]),
        allow(["wafv2:DisassociateWebACL"], resources=apis),
        allow(actions("appsync", "AssociateWebACL DisassociateWebACL"), resources=apis),
        # IAM takes no narrower resource for this.
        allow(["appsync:SetWebACL"], resources=["*"], conditions=scope.in_region()),
    ]


def limiting_firewall(scope: Scope) -> list[Statement]:
    """What a deployment may do with web ACLs at most; in us-east-1 it may do nothing else."""
    return [allow(["wafv2:*"], resources=[*scope.web_acls, *scope.managed_rules, scope.arn("appsync", "apis/*")])]
