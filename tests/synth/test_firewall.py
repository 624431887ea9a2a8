"""AWS WAF in front of the API, the user pool and the page, and who may change it."""

import re
from collections.abc import Iterator
from typing import Any

import botocore.session
import pytest

from bench.paced_stream import CALL_SECONDS
from deployment.repository_paths import ROOT
from environments.settings import load_settings, settings_of
from tests.synth.support.delivery_permissions import account, covers, policy
from tests.synth.support.stack_json import StackJson
from tests.synth.support.synth_run import SynthRun

ENVIRONMENTS = {one.environment: one for one in load_settings(ROOT / "environments.toml")}
GROUPS = {f"AWSManagedRules{group}" for group in ("AmazonIpReputationList", "KnownBadInputsRuleSet", "CommonRuleSet")}
# The part of a body that AppSync's web ACLs inspect (WAF developer guide, "Considerations for
# managing body inspection"). AWS's common rules block longer bodies.
BODY_BYTES = 8192
DAY_SECONDS = 24 * 60 * 60
# An account that leaves SES's sandbox usually begins with so many mails a day.
MAILS_A_DAY = 50_000
TARGET = "AWSCognitoIdentityProviderService.{}"


@pytest.fixture
def api(stacks: dict[str, StackJson]) -> StackJson:
    return stacks["prod"]


@pytest.fixture
def page(web_stacks: dict[str, StackJson]) -> StackJson:
    return web_stacks["prod"]


@pytest.fixture
def acls(api: StackJson, page: StackJson) -> dict[str, dict[str, Any]]:
    """The web ACLs of production by the thing that they protect."""
    found = [*api.all("wafv2_web_acl"), *page.all("wafv2_web_acl")]
    return {one["name"].removeprefix("orders-prod-"): one for one in found}


def rules(acl: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the rules of a web ACL in their order."""
    return {one["name"]: one for one in sorted(acl["rule"], key=lambda rule: rule["priority"])}


def groups(acl: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the rule groups that AWS manages."""
    statements = [rule["statement"].get("managed_rule_group_statement") for rule in rules(acl).values()]
    return {one["name"]: one for one in statements if one}


def test_only_the_environments_that_want_it_have_a_firewall(
    stacks: dict[str, StackJson], web_stacks: dict[str, StackJson]
) -> None:
    wanted = {name for name, settings in ENVIRONMENTS.items() if settings.firewall}

    assert wanted == {"prod"}
    for kind in (stacks, web_stacks):
        assert {name for name, stack in kind.items() if "wafv2_web_acl" in stack.types} == wanted
    assert {name for name, stack in web_stacks.items() if len(stack.document["provider"]["aws"]) > 1} == wanted


def test_the_apis_and_the_customers_web_acls_are_in_their_region_and_asked_about_each_request(api: StackJson) -> None:
    behind = {"orders-prod-api": "appsync_graphql_api", "orders-prod-customers": "cognito_user_pool"}

    associations = {
        api.referred(one["web_acl_arn"])["name"]: api.referred(one["resource_arn"])
        for one in api.all("wafv2_web_acl_association")
    }

    assert associations == {name: api.only(type_) for name, type_ in behind.items()}
    for acl in api.all("wafv2_web_acl"):
        assert (acl["scope"], acl["default_action"]) == ("REGIONAL", {"allow": {}})
        assert "provider" not in acl


def test_the_pages_web_acl_is_in_us_east_1_and_the_distributions(page: StackJson) -> None:
    acl = page.only("wafv2_web_acl")
    main, edge = page.document["provider"]["aws"]

    assert (acl["scope"], acl["name"], acl["provider"]) == ("CLOUDFRONT", "orders-prod-web", "aws.edge")
    assert main["region"] == "eu-central-1"
    assert edge == {**main, "region": "us-east-1", "alias": "edge"}
    assert page.referred(page.only("cloudfront_distribution")["web_acl_id"]) is acl
    # The only other resource there is the delivery of CloudFront's log.
    at_edge = {type_ for type_ in page.types for one in page.all(type_) if "provider" in one}
    assert {type_ for type_ in at_edge if not type_.startswith("cloudwatch_log_delivery")} == {"wafv2_web_acl"}


def test_each_address_has_a_limit_and_awss_groups_block(acls: dict[str, dict[str, Any]]) -> None:
    prod = ENVIRONMENTS["prod"]
    limits = {"api": prod.firewall_requests, "web": prod.firewall_requests, "customers": prod.firewall_sign_in_requests}

    assert acls.keys() == limits.keys()
    assert prod.firewall_sign_in_requests < prod.firewall_requests
    for name, acl in acls.items():
        limit = rules(acl)["address"]

        assert limit["action"] == {"block": {}}
        assert limit["statement"]["rate_based_statement"] == {
            "limit": limits[name],
            "aggregate_key_type": "IP",
            "evaluation_window_sec": 300,
        }
        assert groups(acl).keys() == GROUPS
        assert [rules(acl)[group]["override_action"] for group in GROUPS] == [{"none": {}}] * 3


OF_CODES = ("codes", "entered-codes")


def public_operations() -> Iterator[tuple[str, set[str]]]:
    """Yield the user pools' operations that take no AWS credentials, and the limits that have to count each."""
    model = botocore.session.get_session().get_service_model("cognito-idp")
    for name in model.operation_names:
        operation = model.operation_model(name)
        answer = operation.output_shape.members if operation.output_shape else {}
        given = operation.input_shape.members if operation.input_shape else {}
        sends = any(member.startswith("CodeDelivery") for member in answer)
        if operation.auth_type == "none":
            yield (
                name,
                {"codes"} if sends else {"entered-codes"} if given.keys() & {"Code", "ConfirmationCode"} else set(),
            )


def is_counted(acl: dict[str, Any], limit: str, headers: dict[str, str]) -> bool:
    """Return True if the limit counts a request with these headers."""
    scope = rules(acl)[limit]["statement"]["rate_based_statement"]["scope_down_statement"]
    *named, oversized = scope["or_statement"]["statement"]
    assert oversized["size_constraint_statement"]["field_to_match"]["headers"] == {
        "match_pattern": {"all": {}},
        "match_scope": "ALL",
        "oversize_handling": "MATCH",  # what names its operation beyond what WAF sees is counted too
    }
    for one in named:
        match = one["regex_match_statement"]
        assert match["text_transformation"] == [{"priority": 0, "type": "LOWERCASE"}]
        if re.search(match["regex_string"], headers.get(match["field_to_match"]["single_header"]["name"], "").lower()):
            return True
    return False


def test_an_address_has_limits_of_their_own_for_what_sends_and_takes_a_code(acls: dict[str, dict[str, Any]]) -> None:
    operations = dict(public_operations())
    named = {name: {"x-amzn-cognito-operation-name": name} for name in operations}
    targeted = {name: {"x-amz-target": TARGET.format(name)} for name in operations}
    otherwise = {name: {"x-amz-target": f"OTHER_20160418#{name.upper()}"} for name in operations}

    counted = [
        {
            name: {limit for limit in OF_CODES if is_counted(acls["customers"], limit, headers)}
            for name, headers in how.items()
        }
        for how in (named, targeted, otherwise)
    ]

    assert counted == [operations] * 3
    assert {name for name, limits in operations.items() if limits == {"codes"}} == {
        *("SignUp", "ResendConfirmationCode", "ForgotPassword", "UpdateUserAttributes"),
        "GetUserAttributeVerificationCode",
    }
    assert {name for name, limits in operations.items() if limits == {"entered-codes"}} == {
        *("ConfirmSignUp", "ConfirmForgotPassword", "VerifyUserAttribute"),
    }
    for limit in OF_CODES:
        assert rules(acls["customers"])[limit]["action"] == {"block": {}}
        assert not any(limit in rules(acls[other]) for other in ("api", "web"))


def test_by_its_limit_one_address_needs_a_year_to_guess_a_code(acls: dict[str, dict[str, Any]]) -> None:
    limit = rules(acls["customers"])["entered-codes"]["statement"]["rate_based_statement"]

    guesses_a_day = limit["limit"] * DAY_SECONDS / limit["evaluation_window_sec"]

    assert limit["aggregate_key_type"] == "IP"
    assert 1_000_000 / guesses_a_day > 340


def test_a_day_of_one_address_uses_up_a_small_part_of_sess_mails(acls: dict[str, dict[str, Any]]) -> None:
    limit = rules(acls["customers"])["codes"]["statement"]["rate_based_statement"]
    sign_ups = rules(acls["customers"])["address"]["statement"]["rate_based_statement"]

    mails = limit["limit"] * DAY_SECONDS / limit["evaluation_window_sec"]

    assert (limit["limit"], limit["aggregate_key_type"]) == (ENVIRONMENTS["prod"].firewall_code_requests, "IP")
    assert limit["evaluation_window_sec"] in {60, 120, 300, 600}
    assert mails <= MAILS_A_DAY / 10
    assert mails < sign_ups["limit"] * DAY_SECONDS / sign_ups["evaluation_window_sec"]


def test_the_pool_mails_by_no_other_call(api: StackJson) -> None:
    pool, client = api.only("cognito_user_pool"), api.only("cognito_user_pool_client")

    # A second factor by mail, a sign-in by a mailed code, functions that send, and login pages,
    # whose requests name no operation.
    assert pool.keys() & {"email_mfa_configuration", "sign_in_policy", "lambda_config", "mfa_configuration"} == set()
    assert not {"cognito_user_pool_domain", "cognito_risk_configuration"} & api.types
    assert "ALLOW_USER_AUTH" not in client["explicit_auth_flows"]
    assert "ALLOW_CUSTOM_AUTH" not in client["explicit_auth_flows"]


def test_rules_that_would_block_what_the_api_is_for_only_count(acls: dict[str, dict[str, Any]]) -> None:
    overridden = {
        (one["name"], *one["action_to_use"])
        for group in groups(acls["api"]).values()
        for one in group.get("rule_action_override", [])
    }

    assert overridden == {("CrossSiteScripting_BODY", "count"), ("SizeRestrictions_QUERYSTRING", "count")}
    for other in ("customers", "web"):
        assert not any("rule_action_override" in one for one in groups(acls[other]).values())


def test_what_the_systems_own_functions_sign_comes_first_and_is_let_through_to_the_api_alone(
    acls: dict[str, dict[str, Any]],
) -> None:
    first, *_ = rules(acls["api"]).values()

    assert first["action"] == {"allow": {}}
    # A WebSocket's token isn't in this header, so a customer could write anything there and avoid
    # being counted.
    assert [one["byte_match_statement"] for one in first["statement"]["and_statement"]["statement"]] == [
        {
            "search_string": text,
            "positional_constraint": how,
            "field_to_match": part,
            "text_transformation": [{"priority": 0, "type": "NONE"}],
        }
        for text, how, part in (
            ("AWS4-HMAC-SHA256 ", "STARTS_WITH", {"single_header": {"name": "authorization"}}),
            ("POST", "EXACTLY", {"method": {}}),
        )
    ]
    for other in ("customers", "web"):
        assert not any("allow" in one.get("action", {}) for one in rules(acls[other]).values())


def test_metrics_name_the_environment_and_samples_hide_tokens(acls: dict[str, dict[str, Any]]) -> None:
    for acl in acls.values():
        seen = [one["visibility_config"] for one in (acl, *acl["rule"])]
        hidden = {
            (one["field"]["field_type"], *one["field"].get("field_keys", []))
            for one in acl["data_protection_config"]["data_protection"]
        }

        names = [one["metric_name"] for one in seen]
        assert len(names) == len(set(names))
        assert all(name.startswith(f"{acl['name']}-") for name in names)
        assert all(one["cloudwatch_metrics_enabled"] for one in seen)
        assert hidden == {("SINGLE_HEADER", "authorization", "sec-websocket-protocol"), ("QUERY_STRING",)}


def test_the_longest_document_of_the_page_is_within_what_the_firewall_sees() -> None:
    documents = (ROOT / "web" / "src" / "api" / "documents.ts").read_text(encoding="utf-8")

    # All changes at once, with the longest names in the variables, and four bytes a character.
    assert len(documents.encode()) + 2 * 4 * 100 + 1000 < BODY_BYTES


@pytest.mark.parametrize("environment", ["dev", "staging", "prod"])
def test_a_deployment_writes_its_own_web_acls_and_little_else_in_us_east_1(
    environment: str, synthesis: SynthRun
) -> None:
    settings = settings_of(environment)
    delivery = synthesis.stacks()[settings.names.delivery_stack]
    limit = policy(delivery, f"orders-{environment}-deploy-boundary")
    acl = "arn:aws:wafv2:{}:" + account(delivery) + ":{}/webacl/orders-{}-{}/0123-ab"
    own = [
        acl.format(settings.region, "regional", environment, "api"),
        acl.format(settings.region, "regional", environment, "customers"),
        acl.format("us-east-1", "global", environment, "web"),
    ]
    write, read = (policy(delivery, f"orders-{environment}-{noun}-firewall") for noun in ("deploy", "plan"))

    for resource in own:
        for name in ("CreateWebACL", "UpdateWebACL", "DeleteWebACL", "TagResource", "UntagResource"):
            assert covers(write, f"wafv2:{name}", resource), (name, resource)
            assert covers(limit, f"wafv2:{name}", resource), (name, resource)
        for name in ("GetWebACL", "ListTagsForResource"):
            assert covers(read, f"wafv2:{name}", resource), (name, resource)
    for other in (
        acl.format(settings.region, "regional", "other", "api"),
        acl.format("us-west-2", "global", environment, "web"),
    ):
        assert not covers(limit, "wafv2:UpdateWebACL", other), other
    there = [one for one in limit if any(":us-east-1:" in resource for resource in one["Resource"])]
    anywhere = [
        one for one in limit if one["Resource"] == ["*"] and "aws:RequestedRegion" not in str(one.get("Condition"))
    ]
    assert [one["Action"] for one in there] == [["wafv2:*"], ["logs:*"]]
    assert all(":delivery" in resource for resource in there[1]["Resource"])
    assert {action.partition(":")[0] for one in anywhere for action in one["Action"]} <= {
        "cloudfront",
        "cloudwatch",
        "kms",
    }


def test_over_five_minutes_one_address_changes_an_order_no_faster_than_its_changes_are_announced(
    api: StackJson, acls: dict[str, dict[str, Any]]
) -> None:
    limit = rules(acls["api"])["address"]["statement"]["rate_based_statement"]
    changes = limit["limit"] * api.only("appsync_graphql_api")["resolver_count_limit"]

    # Changes of one order are announced one after the other, and other customers' wait behind them.
    assert changes * CALL_SECONDS <= limit["evaluation_window_sec"]
