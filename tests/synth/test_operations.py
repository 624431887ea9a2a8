"""`make ops` uses the deployed resources, and each alarm has a page with instructions."""

import re
from typing import Any

import pytest

from deployment.repository_paths import ROOT
from environments.names import FUNCTIONS, OPEN_ORDERS, RUNBOOKS, Names
from operations.on_call_policy import on_call_policy
from tests.synth.support.stack_json import StackJson, name_of

PAGES = ROOT / "docs" / "runbooks"
# For each service, the Terraform type and the part of the ARN with the resource's name.
NAMED_BY = {
    "dynamodb": ("dynamodb_table", "table/{}"),
    "sqs": ("sqs_queue", "{}"),
    "lambda": ("lambda_function", "function:{}"),
    "sns": ("sns_topic", "{}"),
    "logs": ("cloudwatch_log_group", "log-group:{}"),
}


def names_of(stack: StackJson) -> Names:
    provider = stack.document["provider"]["aws"][0]
    return Names(
        environment=stack.environment, account_id=provider["allowed_account_ids"][0], region=provider["region"]
    )


def deployed(stack: StackJson, type_: str) -> set[str]:
    return {name_of(resource) for resource in stack.all(type_)}


def statements(names: Names) -> list[dict[str, Any]]:
    return list(on_call_policy(names)["Statement"])


def test_every_place_is_deployed(stack: StackJson) -> None:
    names = names_of(stack)

    assert {names.orders_table, names.payments_table} < deployed(stack, "dynamodb_table")
    assert {names.queue, names.dead_letter_queue} <= deployed(stack, "sqs_queue")
    assert names.announcements in deployed(stack, "sns_topic")
    assert names.undelivered in deployed(stack, "s3_bucket")
    assert {names.function(use_case) for use_case in FUNCTIONS} == deployed(stack, "lambda_function")
    logs = {names.workflow_log, *(names.function_log(use_case) for use_case in FUNCTIONS)}
    assert logs <= deployed(stack, "cloudwatch_log_group")
    (index,) = stack.named("dynamodb_table", "orders")["global_secondary_index"]
    assert index["name"] == OPEN_ORDERS
    assert {"OPEN_ORDERS_SHARDS", "SWEEP_MAX_HINTS"} <= set(
        stack.named("lambda_function", "sweep")["environment"]["variables"]
    )


def test_the_alarms_are_those_deployed(stack: StackJson) -> None:
    alarms = deployed(stack, "cloudwatch_metric_alarm") | deployed(stack, "cloudwatch_composite_alarm")

    assert set(names_of(stack).alarms) == alarms


def test_the_permissions_name_what_is_deployed_and_nothing_else(stack: StackJson) -> None:
    names = names_of(stack)
    known = {
        names.arn(service, form.format(name))
        for service, (type_, form) in NAMED_BY.items()
        for name in deployed(stack, type_)
    }
    bucket = f"arn:aws:s3:::{names.undelivered}"
    known |= {bucket, *(f"{bucket}/{prefix}*" for prefix in ("announce/", "unreadable/", "aws/lambda/"))}
    known |= {names.arn("dynamodb", f"table/{names.orders_table}/index/{OPEN_ORDERS}")}
    dashboards = deployed(stack, "cloudwatch_dashboard")
    known |= {f"arn:aws:cloudwatch::{names.account_id}:dashboard/{name}" for name in dashboards}
    # A key has no name: it is found by its tags.
    known |= {names.arn("kms", "key/*")}
    exact = [statement for statement in statements(names) if statement["Sid"] not in ("ReadAlarms", "ReadMetrics")]

    asked = {resource.removesuffix(":*") for statement in exact for resource in statement["Resource"]}

    assert asked <= known


def test_the_person_on_call_may_open_the_dashboard_that_is_deployed_and_read_what_it_shows(stack: StackJson) -> None:
    names = names_of(stack)
    allowed = {
        (action, resource) for one in statements(names) for action in one["Action"] for resource in one["Resource"]
    }

    dashboard = f"arn:aws:cloudwatch::{names.account_id}:dashboard/{name_of(stack.only('cloudwatch_dashboard'))}"

    reading = {("cloudwatch:GetMetricData", "*"), ("cloudwatch:ListMetrics", "*"), ("cloudwatch:DescribeAlarms", "*")}
    assert {("cloudwatch:GetDashboard", dashboard), *reading} <= allowed


def test_the_permissions_are_exact(dev: StackJson) -> None:
    actions = {action for statement in statements(names_of(dev)) for action in statement["Action"]}

    assert not [action for action in actions if not re.fullmatch(r"[a-z0-9]+:[A-Z][A-Za-z]+", action)]


@pytest.mark.parametrize(("alarm", "name"), RUNBOOKS.items())
def test_each_alarm_has_a_page_in_the_index(alarm: str, name: str) -> None:
    page = (PAGES / f"{name}.md").read_text(encoding="utf-8")
    index = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")

    lines = [line for line in index.splitlines() if f"(runbooks/{name}.md)" in line]
    assert any(f"`{alarm}`" in line for line in lines)
    # A symptom, the places to look at, a command, and its output.
    assert [heading for heading in ("## Look at", "## Do", "## You will see") if heading not in page] == []
    assert "make ops ENV=" in page


def test_the_pages_name_the_saved_queries_and_no_others(stack: StackJson) -> None:
    queries = {name.removeprefix(f"{stack.name}-") for name in deployed(stack, "cloudwatch_query_definition")}
    index = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    listed = set(
        re.findall(r"^\| `([\w-]+)` \|", index.partition("| query | shows |")[2].partition("###")[0], re.MULTILINE)
    )
    pages = "".join(page.read_text(encoding="utf-8") for page in PAGES.glob("*.md"))
    sentences = re.findall(r"saved query `orders-<env>-([\w-]+)`", pages)

    assert listed == queries
    assert set(sentences) <= queries
    assert len(sentences) >= 9


def test_a_saved_query_reads_logs_of_its_environment(stack: StackJson) -> None:
    for query in stack.all("cloudwatch_query_definition"):
        groups = [stack.referred(group) for group in query["log_group_names"]]
        assert all(group in stack.all("cloudwatch_log_group") for group in groups)
        assert len(groups) == len({group["name"] for group in groups}) > 0
    (one_order,) = (one for one in stack.all("cloudwatch_query_definition") if name_of(one).endswith("-one-order"))
    assert len(one_order["log_group_names"]) == len(stack.all("cloudwatch_log_group"))


def test_no_page_is_left_out_of_the_index() -> None:
    index = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")

    assert [page.name for page in PAGES.glob("*.md") if f"(runbooks/{page.name})" not in index] == []
