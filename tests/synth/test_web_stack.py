"""The page's stack: its bucket, its distribution, and the configuration that the page reads."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import quickjs

from deployment.page_delivery import CONFIGURATION
from deployment.repository_paths import ROOT
from environments.names import CONTENT_HASH
from environments.settings import load_settings
from tests.synth.support.permission_table import statements
from tests.synth.support.stack_json import StackJson, name_of, unescaped
from tests.synth.support.synth_run import synthesize

SETTINGS = {one.environment: one for one in load_settings(ROOT / "environments.toml")}


@pytest.fixture(params=SETTINGS)
def web(request: pytest.FixtureRequest, web_stacks: dict[str, StackJson]) -> StackJson:
    """Each environment's stack of the page."""
    return web_stacks[request.param]


@pytest.fixture
def distribution(web: StackJson) -> dict[str, Any]:
    return web.only("cloudfront_distribution")


def policy_of(web: StackJson) -> dict[str, str]:
    """Return the content security policy by directive."""
    headers = web.only("cloudfront_response_headers_policy")["security_headers_config"]
    text = headers["content_security_policy"]["content_security_policy"]
    return dict(directive.split(" ", 1) for directive in text.split("; "))


def test_the_bucket_is_private_encrypted_and_named_after_its_environment(web: StackJson) -> None:
    (encryption,) = web.only("s3_bucket_server_side_encryption_configuration")["rule"]
    blocked = web.only("s3_bucket_public_access_block")
    settings = SETTINGS[web.environment]

    assert name_of(web.only("s3_bucket")) == f"orders-{web.environment}-web-{settings.account_id}"
    algorithm = "aws:kms" if settings.customer_keys else "AES256"
    assert encryption["apply_server_side_encryption_by_default"]["sse_algorithm"] == algorithm
    assert sum(value is True for value in blocked.values()) == 4
    assert ("lifecycle" in web.only("s3_bucket")) is settings.removal_protection


def test_nobody_but_this_distribution_reads_the_bucket_and_only_over_tls(web: StackJson) -> None:
    refuse, serve = statements(web.only("s3_bucket_policy")["policy"])
    bucket = f"arn:aws:s3:::{name_of(web.only('s3_bucket'))}"

    assert refuse["Effect"] == "Deny"
    assert refuse["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert serve == {
        "Effect": "Allow",
        "Principal": {"Service": "cloudfront.amazonaws.com"},
        # Without ListBucket, S3 answers 403 for a missing object.
        "Action": ["s3:GetObject", "s3:ListBucket"],
        "Resource": [bucket, f"{bucket}/*"],
        "Condition": {"StringEquals": {"AWS:SourceArn": web.reference(web.only("cloudfront_distribution"), "arn")}},
    }


def test_the_distribution_signs_what_it_asks_of_the_bucket(web: StackJson, distribution: dict[str, Any]) -> None:
    (origin,) = distribution["origin"]
    access = web.referred(origin["origin_access_control_id"])

    assert access["signing_behavior"] == "always"
    assert access["signing_protocol"] == "sigv4"
    assert access["origin_access_control_origin_type"] == "s3"
    assert origin["domain_name"] == web.reference(web.only("s3_bucket"), "bucket_regional_domain_name")


def test_a_page_is_read_over_https_compressed_and_kept_as_its_files_say(distribution: dict[str, Any]) -> None:
    behavior = distribution["default_cache_behavior"]

    assert behavior["viewer_protocol_policy"] == "redirect-to-https"
    assert behavior["compress"] is True
    assert behavior["allowed_methods"] == ["GET", "HEAD"]
    assert behavior["cache_policy_id"] == "658327ea-f89d-4fab-a63d-7e88639e58f6"  # CachingOptimized
    assert distribution["default_root_object"] == "index.html"
    assert distribution["is_ipv6_enabled"] is True
    assert distribution["http_version"] == "http2and3"
    assert distribution["price_class"] == "PriceClass_100"
    assert distribution["viewer_certificate"] == {"cloudfront_default_certificate": True}
    # A missing script must not become the index page with status 200.
    assert "custom_error_response" not in distribution


@pytest.mark.parametrize(
    ("path", "file"),
    [
        *((path, "/index.html") for path in ("/", "/orders", "/orders/", "/orders/01K9", "/v1.2/orders", "/engineer")),
        *(
            (path, path)
            for path in ("/index.html", "/config.json", "/assets/index-1a2b.js", "/a/b.c", "/.well-known/x.y")
        ),
    ],
)
def test_the_pages_own_addresses_are_its_index_and_names_of_files_are_files(
    web_stacks: dict[str, StackJson], path: str, file: str
) -> None:
    function = web_stacks["dev"].only("cloudfront_function")
    engine = quickjs.Context()
    engine.eval(unescaped(function["code"]))

    uri = engine.eval(f"handler({{ request: {{ uri: {json.dumps(path)} }} }}).uri")

    assert uri == file
    assert function["runtime"] == "cloudfront-js-2.0"
    assert function["publish"] is True


def test_every_request_is_routed_first(web: StackJson, distribution: dict[str, Any]) -> None:
    (association,) = distribution["default_cache_behavior"]["function_association"]

    assert association["event_type"] == "viewer-request"
    assert web.referred(association["function_arn"]) is web.only("cloudfront_function")


def test_the_page_may_call_its_api_and_cognito_and_nobody_else(web: StackJson) -> None:
    outputs = f"data.terraform_remote_state.orders-{web.environment}.outputs"
    origins = {name: f'${{regex("^[a-z]+://[^/]+", {outputs}.{name})}}' for name in ("graphql_url", "realtime_url")}
    amazon = f"https://cognito-idp.{SETTINGS[web.environment].region}.amazonaws.com"

    allowed = policy_of(web)["connect-src"]

    cognito = origins["graphql_url"] if web.environment == "local" else amazon
    assert allowed == f"'self' {origins['graphql_url']} {origins['realtime_url']} {cognito}"


def test_nothing_inline_runs_and_nobody_frames_the_page(web: StackJson) -> None:
    policy = policy_of(web)
    headers = web.only("cloudfront_response_headers_policy")["security_headers_config"]

    assert policy["default-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["object-src"] == policy["base-uri"] == "'none'"
    assert not any("unsafe" in sources or "*" in sources for name, sources in policy.items() if name != "connect-src")
    assert "unsafe" not in policy["connect-src"]
    assert headers["frame_options"]["frame_option"] == "DENY"
    assert headers["content_type_options"]["override"] is True
    assert headers["referrer_policy"]["referrer_policy"] == "no-referrer"
    assert headers["strict_transport_security"]["access_control_max_age_sec"] >= 31536000
    assert headers["strict_transport_security"]["include_subdomains"] is False
    assert all(one["override"] is True for one in headers.values())


def test_the_answers_carry_the_headers(web: StackJson, distribution: dict[str, Any]) -> None:
    behavior = distribution["default_cache_behavior"]
    custom = web.only("cloudfront_response_headers_policy")["custom_headers_config"]["items"]

    assert web.referred(behavior["response_headers_policy_id"]) is web.only("cloudfront_response_headers_policy")
    assert {one["header"] for one in custom} == {"Cross-Origin-Opener-Policy", "Permissions-Policy"}


def test_the_page_is_told_what_it_needs_at_its_start_and_not_at_its_build(web: StackJson) -> None:
    told = web.only("s3_object")
    expression = told["content"].removeprefix("${jsonencode({").removesuffix("})}")
    configuration = dict(re.findall(r'"(\w+)" = (.+?)(?=, "\w+" = |$)', expression))
    settings = SETTINGS[web.environment]
    outputs = f"data.terraform_remote_state.orders-{web.environment}.outputs."

    cognito = configuration.pop("cognitoUrl")
    assert (told["key"], told["content_type"], told["cache_control"]) == (CONFIGURATION, "application/json", "no-cache")
    assert configuration == {
        "region": f'"{settings.region}"',
        "graphqlUrl": f"{outputs}graphql_url",
        "realtimeUrl": f"{outputs}realtime_url",
        "userPoolId": f"{outputs}user_pool_id",
        "userPoolClientId": f"{outputs}user_pool_client_id",
        "changeWindowSeconds": str(settings.change_window_seconds),
        "liveUpdates": "true",
        "engineer": "true" if web.environment == "local" else "false",
    }
    if web.environment != "local":
        assert cognito == f'join("", ["https://cognito-idp.{settings.region}.amazonaws.com", "/"])'


def test_a_plan_shows_when_the_page_is_told_something_else(web: StackJson) -> None:
    told = web.only("s3_object")

    # The provider compares metadata, not content. With a key of our own, the ETag isn't the
    # content's hash.
    hashed = told["content"].replace("${jsonencode(", "${sha256(jsonencode(").removesuffix("}") + ")}"
    assert told["metadata"] == {CONTENT_HASH: hashed}
    assert "etag" not in told


def test_it_reads_what_the_apis_stack_tells_where_that_is_kept(web: StackJson, stacks: dict[str, StackJson]) -> None:
    ((name, read),) = web.document["data"]["terraform_remote_state"].items()
    orders = stacks[web.environment]
    backend = orders.document["terraform"]["backend"]["s3"]

    assert name == orders.name
    assert {key: read["config"][key] for key in ("bucket", "key", "region")} == {
        key: backend[key] for key in ("bucket", "key", "region")
    }
    used = set(re.findall(r"outputs\.(\w+)", json.dumps(web.document["resource"])))
    assert used <= orders.document["output"].keys()


def test_a_domain_of_ones_own_is_served_over_tls_1_2_at_least(checkout: Path, tmp_path: Path) -> None:
    certificate = "arn:aws:acm:us-east-1:111111111111:certificate/0123-ab"
    file = checkout / "environments.toml"
    domain = f'[dev]\nweb_domain = "orders.example.com"\nweb_certificate_arn = "{certificate}"'
    file.write_text(file.read_text(encoding="utf-8").replace("[dev]", domain), encoding="utf-8")

    done = synthesize(checkout, tmp_path / "cdktf.out")

    assert done.exit_code == 0, done.printed
    web = done.stacks()["web-dev"]
    distribution = web.only("cloudfront_distribution")
    assert distribution["aliases"] == ["orders.example.com"]
    assert distribution["viewer_certificate"] == {
        "acm_certificate_arn": certificate,
        "minimum_protocol_version": "TLSv1.2_2021",
        "ssl_support_method": "sni-only",
    }
    assert web.document["output"]["web_url"]["value"] == "https://orders.example.com"


def test_it_tells_where_the_page_is_and_what_to_put_it_into(web: StackJson) -> None:
    told = {name: output["value"] for name, output in web.document["output"].items()}
    distribution = web.only("cloudfront_distribution")

    assert told == {
        "web_url": "https://" + web.reference(distribution, "domain_name"),
        "web_bucket": name_of(web.only("s3_bucket")),
        "web_distribution_id": web.reference(distribution, "id"),
    }


def test_the_page_asks_for_passwords_that_the_user_pool_takes(stacks: dict[str, StackJson]) -> None:
    asked = json.loads((ROOT / "web/src/account/password_policy.json").read_text(encoding="utf-8"))

    for stack in stacks.values():
        policy = stack.only("cognito_user_pool")["password_policy"]

        # Only passwords that an administrator sets are temporary, so the page needn't know this.
        assert policy == {**asked, "temporary_password_validity_days": 7}
