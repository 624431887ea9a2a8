"""Access logs of the page and of the buckets, where the settings ask for them."""

from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any

import pytest

from deployment.repository_paths import ROOT
from environments.settings import Settings, load_settings
from tests.synth.support.permission_table import statements
from tests.synth.support.stack_json import Resource, StackJson, name_of, path_of

SETTINGS = {settings.environment: settings for settings in load_settings(ROOT / "environments.toml")}
# Parts of a URL that may identify a customer: a code, a token, or the previous page.
SECRET_FIELDS = {"cs(Cookie)", "cs-uri-query", "cs(Referer)"}


@pytest.fixture
def every(
    stack: StackJson, state_stacks: dict[str, StackJson], web_stacks: dict[str, StackJson]
) -> tuple[StackJson, StackJson, StackJson]:
    """The stacks of an environment: state, API and page."""
    return state_stacks[stack.environment], stack, web_stacks[stack.environment]


@pytest.fixture
def logs(state_stacks: dict[str, StackJson]) -> Resource:
    """The bucket of production's logs."""
    return logs_of(state_stacks["prod"])


def logs_of(state: StackJson) -> Resource:
    (bucket,) = (one for one in state.all("s3_bucket") if path_of(one) == "access-logs")
    return bucket


def of_bucket(state: StackJson, type_: str) -> Resource:
    (found,) = (one for one in state.all(type_) if state.referred(one["bucket"]) is logs_of(state))
    return found


def written_by(state: StackJson) -> Iterator[dict[str, Any]]:
    """Yield the statements that let services write to the bucket."""
    yield from (one for one in statements(of_bucket(state, "s3_bucket_policy")["policy"]) if one["Effect"] == "Allow")


def test_production_keeps_them() -> None:
    assert {name for name, settings in SETTINGS.items() if settings.access_logs} == {"prod"}


def test_each_bucket_but_that_of_the_logs_is_logged_where_the_settings_say_so(
    every: tuple[StackJson, StackJson, StackJson], settings: Settings
) -> None:
    buckets = [(stack, one) for stack in every for one in stack.all("s3_bucket") if path_of(one) != "access-logs"]

    logged = {name_of(stack.referred(one["bucket"])): one for stack in every for one in stack.all("s3_bucket_logging")}

    names = [name_of(bucket) for _, bucket in buckets]
    assert len(names) == 3
    assert sorted(logged) == (sorted(names) if settings.access_logs else [])
    for name, one in logged.items():
        target = one["target_bucket"]
        there = name_of(every[0].referred(target)) if target.startswith("${") else target
        assert there == settings.names.access_logs
        assert one["target_prefix"] == f"buckets/{name}/"


def test_s3_and_cloudfront_may_write_what_the_stacks_have_and_nobody_else_anything(
    state_stacks: dict[str, StackJson], stacks: dict[str, StackJson], web_stacks: dict[str, StackJson], logs: Resource
) -> None:
    settings = SETTINGS["prod"]
    every = (state_stacks["prod"], stacks["prod"], web_stacks["prod"])
    sources = [f"arn:aws:s3:::{name_of(one)}" for stack in every for one in stack.all("s3_bucket")]
    place = f"arn:aws:s3:::{name_of(logs)}"

    of_buckets, of_page = written_by(state_stacks["prod"])

    assert (of_buckets["Action"], of_page["Action"]) == (["s3:PutObject"], ["s3:PutObject"])
    assert of_buckets["Principal"] == {"Service": "logging.s3.amazonaws.com"}
    assert of_buckets["Resource"] == [f"{place}/buckets/*"]
    assert of_buckets["Condition"]["StringEquals"] == {"aws:SourceAccount": settings.account_id}
    patterns = of_buckets["Condition"]["ArnLike"]["aws:SourceArn"]
    assert [one for one in sources if not any(fnmatchcase(one, pattern) for pattern in patterns)] == []
    assert of_page["Principal"] == {"Service": "delivery.logs.amazonaws.com"}
    assert of_page["Resource"] == [f"{place}/AWSLogs/{settings.account_id}/CloudFront/*"]
    source = web_stacks["prod"].only("cloudwatch_log_delivery_source")
    assert of_page["Condition"] == {
        "ArnLike": {"aws:SourceArn": f"arn:aws:logs:us-east-1:{settings.account_id}:delivery-source:{name_of(source)}"},
        "StringEquals": {
            "aws:SourceAccount": settings.account_id,
            "s3:x-amz-acl": "bucket-owner-full-control",
        },
    }


def test_logs_go_when_other_logs_do_and_s3_encrypts_them_with_its_own_key(state_stacks: dict[str, StackJson]) -> None:
    (encryption,) = of_bucket(state_stacks["prod"], "s3_bucket_server_side_encryption_configuration")["rule"]
    (rule,) = of_bucket(state_stacks["prod"], "s3_bucket_lifecycle_configuration")["rule"]

    # S3's guide: no access logs can be delivered to a bucket with a KMS key as its default.
    assert encryption == {"apply_server_side_encryption_by_default": {"sse_algorithm": "AES256"}}
    assert rule["expiration"] == [{"days": SETTINGS["prod"].log_retention_days}]


def test_the_page_is_logged_in_cloudfronts_region_without_what_is_a_customers(web_stacks: dict[str, StackJson]) -> None:
    web, settings = web_stacks["prod"], SETTINGS["prod"]
    source, destination, delivery = (
        web.only(f"cloudwatch_log_delivery{kind}") for kind in ("_source", "_destination", "")
    )
    (edge,) = (one for one in web.document["provider"]["aws"] if one.get("alias"))
    (configuration,) = destination["delivery_destination_configuration"]

    assert edge["region"] == "us-east-1"
    assert {one["provider"] for one in (source, destination, delivery)} == {f"aws.{edge['alias']}"}
    assert (source["log_type"], web.referred(source["resource_arn"])) == (
        "ACCESS_LOGS",
        web.only("cloudfront_distribution"),
    )
    assert configuration["destination_resource_arn"] == f"arn:aws:s3:::{settings.names.access_logs}"
    assert web.referred(delivery["delivery_source_name"]) is source
    assert web.referred(delivery["delivery_destination_arn"]) is destination
    assert {"date", "time", "c-ip", "cs-uri-stem", "sc-status"} <= set(delivery["record_fields"])
    assert SECRET_FIELDS & set(delivery["record_fields"]) == set()


def test_no_deployment_can_write_the_logs(logs: Resource, deliveries_of_prod: list[dict[str, Any]]) -> None:
    there = (f"arn:aws:s3:::{name_of(logs)}", f"arn:aws:s3:::{name_of(logs)}/buckets/a")

    found = [
        (action, pattern)
        for one in deliveries_of_prod
        for action in one["Action"]
        for pattern in one["Resource"]
        if action.startswith("s3:") and any(fnmatchcase(arn, pattern) for arn in there)
    ]

    assert found == []


@pytest.fixture
def deliveries_of_prod(synthesis: Any) -> list[dict[str, Any]]:
    """Return the statements of the policies for production's delivery."""
    delivery = synthesis.stacks()[SETTINGS["prod"].names.delivery_stack]
    return [one for policy in delivery.all("iam_policy") for one in statements(policy["policy"])]
