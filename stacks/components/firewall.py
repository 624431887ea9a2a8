"""AWS WAF: web ACLs, which check a request before its service gets it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from cdktf import TerraformProvider
from cdktf_cdktf_provider_aws.wafv2_web_acl import (
    Wafv2WebAcl,
    Wafv2WebAclDataProtectionConfig,
    Wafv2WebAclDataProtectionConfigDataProtection,
    Wafv2WebAclDataProtectionConfigDataProtectionField,
    Wafv2WebAclDefaultAction,
    Wafv2WebAclDefaultActionAllow,
    Wafv2WebAclRule,
    Wafv2WebAclRuleAction,
    Wafv2WebAclRuleActionAllow,
    Wafv2WebAclRuleActionBlock,
    Wafv2WebAclRuleOverrideAction,
    Wafv2WebAclRuleOverrideActionNone,
    Wafv2WebAclRuleVisibilityConfig,
    Wafv2WebAclVisibilityConfig,
)
from cdktf_cdktf_provider_aws.wafv2_web_acl_association import Wafv2WebAclAssociation
from constructs import Construct

# The region of CloudFront's web ACLs, whatever the environment's region is.
EDGE_REGION = "us-east-1"
REGIONAL, EDGE = "REGIONAL", "CLOUDFRONT"
# AWS's rule groups that fit an API without SQL, in the order in which WAF evaluates them.
REPUTATION = "AWSManagedRulesAmazonIpReputationList"
BAD_INPUTS = "AWSManagedRulesKnownBadInputsRuleSet"
COMMON = "AWSManagedRulesCommonRuleSet"
WINDOW_SECONDS, CALLS_WINDOW_SECONDS = 300, 600
# The headers that name an operation of a user pool: the one that the API takes, and the one that
# Cognito hands to WAF (developer guide, "Associate an AWS WAF web ACL with a user pool"). The guide
# doesn't say if WAF gets both.
OPERATION_HEADERS = ("x-amz-target", "x-amzn-cognito-operation-name")
# WAF sees the first 8 kB of the headers, and 200 of them (developer guide, "Oversize web request
# components").
HEADER_BYTES = 8192
SIGNATURE = "AWS4-HMAC-SHA256 "
# The parts that a sampled request must hide: they hold tokens, also those of websockets.
SECRET_FIELDS = (("SINGLE_HEADER", ["authorization", "sec-websocket-protocol"]), ("QUERY_STRING", None))


@dataclass(frozen=True)
class CallLimit:
    """The most calls of some of a user pool's operations from one address in ten minutes."""

    noun: str
    operations: Sequence[str]
    requests: int


class Firewall(Construct):
    """A web ACL of AWS's rule groups and a limit by address; other requests pass."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        requests_per_address: int,
        kind: str = REGIONAL,
        admits_signed: bool = False,
        counted_only: Sequence[str] = (),
        calls: Sequence[CallLimit] = (),
        provider: TerraformProvider | None = None,
    ) -> None:
        """Create the web ACL; `requests_per_address` is the limit of one address in five minutes.

        `admits_signed` lets a POST with an AWS signature pass; the service checks the signature.
        `counted_only` are rules of the common group that only count. `calls` are more limits.
        """
        super().__init__(scope, id_)
        self._name = name
        rules = [
            *([self._admit_signed(0)] if admits_signed else []),
            self._limit_addresses(1, requests_per_address),
            self._group(2, REPUTATION),
            self._group(3, BAD_INPUTS),
            self._group(4, COMMON, counted_only),
            # Last, so that they count only what no other rule blocked.
            *(self._limit_calls(priority, limit) for priority, limit in enumerate(calls, start=5)),
        ]
        self._resource = Wafv2WebAcl(
            self,
            "Resource",
            name=name,
            scope=kind,
            default_action=Wafv2WebAclDefaultAction(allow=Wafv2WebAclDefaultActionAllow()),
            rule=rules,
            data_protection_config=_redacted_fields(),
            visibility_config=Wafv2WebAclVisibilityConfig(**self._visibility("all")),
            provider=provider,
        )

    @cached_property
    def arn(self) -> str:
        """The web ACL's ARN, by which a distribution names it."""
        return str(self._resource.arn)

    def protect(self, arn: str) -> None:
        """Let this web ACL check each request for a regional resource."""
        Wafv2WebAclAssociation(self, "Association", resource_arn=arn, web_acl_arn=self.arn)

    def _admit_signed(self, priority: int) -> Wafv2WebAclRule:
        signed = _matching({"single_header": {"name": "authorization"}}, "STARTS_WITH", SIGNATURE)
        # A websocket starts with a GET and has its token elsewhere. A signature in a GET is a
        # customer's claim.
        posted = _matching({"method": {}}, "EXACTLY", "POST")
        allow = Wafv2WebAclRuleAction(allow=Wafv2WebAclRuleActionAllow())
        return self._rule("signed", priority, {"and_statement": {"statement": [signed, posted]}}, action=allow)

    def _limit_addresses(self, priority: int, requests: int) -> Wafv2WebAclRule:
        return self._limit("address", priority, _of_one_address(requests, WINDOW_SECONDS))

    def _limit_calls(self, priority: int, calls: CallLimit) -> Wafv2WebAclRule:
        named = [_naming(header, calls.operations) for header in OPERATION_HEADERS]
        counted = {"or_statement": {"statement": [*named, _with_more_headers_than_waf_sees()]}}
        limit = {**_of_one_address(calls.requests, CALLS_WINDOW_SECONDS), "scope_down_statement": counted}
        return self._limit(calls.noun, priority, limit)

    def _limit(self, noun: str, priority: int, limit: dict[str, Any]) -> Wafv2WebAclRule:
        block = Wafv2WebAclRuleAction(block=Wafv2WebAclRuleActionBlock())
        return self._rule(noun, priority, {"rate_based_statement": limit}, action=block)

    def _group(self, priority: int, group: str, counted_only: Sequence[str] = ()) -> Wafv2WebAclRule:
        overrides = [{"name": rule, "action_to_use": {"count": {}}} for rule in counted_only]
        statement: dict[str, Any] = {"vendor_name": "AWS", "name": group}
        if overrides:
            statement["rule_action_override"] = overrides
        as_they_say = Wafv2WebAclRuleOverrideAction(none=Wafv2WebAclRuleOverrideActionNone())
        return self._rule(group, priority, {"managed_rule_group_statement": statement}, override_action=as_they_say)

    def _rule(self, noun: str, priority: int, statement: dict[str, Any], **action: Any) -> Wafv2WebAclRule:
        seen = Wafv2WebAclRuleVisibilityConfig(**self._visibility(noun))
        return Wafv2WebAclRule(name=noun, priority=priority, statement=statement, visibility_config=seen, **action)

    def _visibility(self, noun: str) -> dict[str, Any]:
        """Return the settings of a rule's metric, named after the environment, and of samples."""
        return {
            "cloudwatch_metrics_enabled": True,
            "metric_name": f"{self._name}-{noun}",
            "sampled_requests_enabled": True,
        }


def _matching(part: dict[str, Any], how: str, text: str) -> dict[str, Any]:
    """Build a statement on a part of the request, which isn't transformed before."""
    match = {
        "search_string": text,
        "positional_constraint": how,
        "field_to_match": part,
        "text_transformation": [{"priority": 0, "type": "NONE"}],
    }
    return {"byte_match_statement": match}


def _of_one_address(requests: int, seconds: int) -> dict[str, Any]:
    return {"limit": requests, "aggregate_key_type": "IP", "evaluation_window_sec": seconds}


def _naming(header: str, operations: Sequence[str]) -> dict[str, Any]:
    """Build a statement on a header that names one of the operations, whatever surrounds the name.

    Nobody documents how strictly Cognito compares, so letter case and prefix don't matter.
    """
    names = "|".join(operation.lower() for operation in operations)
    match = {
        "regex_string": f"(?:^|[^a-z])(?:{names})(?:[^a-z]|$)",
        "field_to_match": {"single_header": {"name": header}},
        "text_transformation": [{"priority": 0, "type": "LOWERCASE"}],
    }
    return {"regex_match_statement": match}


def _with_more_headers_than_waf_sees() -> dict[str, Any]:
    """Build a statement on a request that may name its operation where WAF doesn't look."""
    headers = {"match_pattern": {"all": {}}, "match_scope": "ALL", "oversize_handling": "MATCH"}
    larger = {
        "comparison_operator": "GT",
        "size": HEADER_BYTES,
        "field_to_match": {"headers": headers},
        "text_transformation": [{"priority": 0, "type": "NONE"}],
    }
    return {"size_constraint_statement": larger}


def _redacted_fields() -> Wafv2WebAclDataProtectionConfig:
    fields = [
        Wafv2WebAclDataProtectionConfigDataProtectionField(field_type=type_, field_keys=keys)
        for type_, keys in SECRET_FIELDS
    ]
    return Wafv2WebAclDataProtectionConfig(
        data_protection=[
            Wafv2WebAclDataProtectionConfigDataProtection(action="SUBSTITUTION", field=field) for field in fields
        ]
    )
