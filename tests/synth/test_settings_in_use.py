"""Effects of the settings on the stacks, and errors for wrong settings."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from environments.settings import Settings
from tests.synth.support.stack_json import StackJson, path_of
from tests.synth.support.synth_run import clean_environment, synthesize

QUEUE = """
from stacks.synth import lazy_bindings
lazy_bindings.activate()
from cdktf import App, TerraformStack
from stacks.components.queue import Queue
from stacks.iam import Account
stack = TerraformStack(App(), "queues")
account = Account(id="111111111111", region="eu-central-1")
Queue(stack, "right", name="right", account=account, visibility_timeout_seconds=60, consumer_timeout_seconds=10)
print("made")
Queue(stack, "wrong", name="wrong", account=account, visibility_timeout_seconds=59, consumer_timeout_seconds=10)
"""


def test_settings_reach_the_resources_they_are_about(checkout: Path, tmp_path: Path) -> None:
    (checkout / "environments.toml").write_text(
        """
        [big]
        region = "eu-west-1"
        account_id = "444444444444"
        state_bucket = "state-444444444444"
        email_subscribers = ["cook@example.com", "owner@example.com"]
        email_statuses = ["FAILED", "CANCELLED"]
        mailbox = true
        alarm_emails = ["on-call@example.com", "owner@example.com"]
        reserved_concurrency = 120
        workflow_concurrency = 100
        field_log_level = "INFO"
        function_log_level = "WARNING"
        workflow_log_level = "ERROR"
        workflow_log_data = false
        query_depth_limit = 3
        resolver_count_limit = 12
        open_orders_limit = 7
        firewall = true
        firewall_code_requests = 33
        id_token_minutes = 5
        access_token_minutes = 10
        refresh_token_hours = 1
        refresh_token_rotation = true
        threat_protection = "ENFORCED"
        mail_identity_arn = "arn:aws:ses:eu-west-1:444444444444:identity/example.com"
        mail_from = "orders@example.com"
        """,
        encoding="utf-8",
    )

    done = synthesize(checkout, tmp_path / "cdktf.out")

    assert done.exit_code == 0, done.printed
    assert list(done.stacks()) == ["orders-big", "state-big", "web-big"]
    stack = done.stacks()["orders-big"]
    assert {one["reserved_concurrent_executions"] for one in stack.all("lambda_function")} == {120}
    assert emails(stack, "announcements") == ["${var.subscription_email}", "cook@example.com", "owner@example.com"]
    assert filters(stack) == {("email", '{"status":["FAILED","CANCELLED"]}'), ("sqs", None)}
    assert emails(stack, "ops") == ["on-call@example.com", "owner@example.com"]
    (given,) = (one for one in stack.all("sns_topic_subscription") if "count" in one)
    known = '["", "cook@example.com", "owner@example.com"]'
    assert given["count"] == f"${{contains({known}, var.subscription_email) ? 0 : 1}}"
    assert stack.only("appsync_graphql_api")["log_config"]["field_log_level"] == "INFO"
    levels = {one["environment"]["variables"]["POWERTOOLS_LOG_LEVEL"] for one in stack.all("lambda_function")}
    logged = stack.only("sfn_state_machine")["logging_configuration"]
    assert levels == {"WARNING"}
    assert (logged["level"], logged["include_execution_data"]) == ("ERROR", False)
    assert stack.only("appsync_graphql_api")["query_depth_limit"] == 3
    assert stack.only("appsync_graphql_api")["resolver_count_limit"] == 12
    (limit,) = (one for one in stack.all("appsync_function") if one["name"] == "limitOpenOrders")
    assert "\nconst MOST_OPEN = 7;\n" in limit["code"]
    assert 33 in {
        rule["statement"].get("rate_based_statement", {}).get("limit") for rule in rules_of(stack, "customers")
    }
    pool = stack.only("cognito_user_pool")
    assert pool["user_pool_add_ons"] == {"advanced_security_mode": "ENFORCED"}
    assert pool["email_configuration"] == {
        "email_sending_account": "DEVELOPER",
        "source_arn": "arn:aws:ses:eu-west-1:444444444444:identity/example.com",
        "from_email_address": "orders@example.com",
    }
    client = stack.only("cognito_user_pool_client")
    validity = [client[f"{kind}_token_validity"] for kind in ("id", "access", "refresh")]
    assert validity == [5, 10, 1]
    assert client["refresh_token_rotation"] == [{"feature": "ENABLED", "retry_grace_period_seconds": 60}]
    # Cognito's guide: the flow isn't for a client whose refresh tokens rotate.
    assert client["explicit_auth_flows"] == ["ALLOW_USER_SRP_AUTH"]


def test_without_live_updates_only_ends_are_announced_and_to_the_topic_alone(checkout: Path, tmp_path: Path) -> None:
    file = checkout / "environments.toml"
    file.write_text(file.read_text(encoding="utf-8").replace("[prod]\n", "[prod]\nlive_updates = false\n"))

    done = synthesize(checkout, tmp_path / "cdktf.out")

    stacks = done.stacks()
    stack = stacks["orders-prod"]
    (mapping,) = (one for one in stack.all("lambda_event_source_mapping") if path_of(one) == "announce/From-orders")
    (pattern,) = mapping["filter_criteria"]["filter"]
    granted = [json.loads(policy["policy"]) for policy in stack.all("iam_role_policy")]
    assert json.loads(pattern["pattern"]) == {
        "eventName": ["MODIFY"],
        "dynamodb": {"NewImage": {"status": {"S": [{"anything-but": ["PENDING", "PAYING"]}]}}},
    }
    variables = stack.named("lambda_function", "announce")["environment"]["variables"]
    assert variables["LIVE_UPDATES"] == "false"
    assert "appsync:GraphQL" not in json.dumps(granted)
    assert '"liveUpdates" = false' in stacks["web-prod"].only("s3_object")["content"]


def test_concurrency_is_not_reserved_unless_asked_for(stack: StackJson) -> None:
    for function in stack.all("lambda_function"):
        assert "reserved_concurrent_executions" not in function, path_of(function)


def test_an_address_may_be_given_at_deployment_and_may_be_left_out(stack: StackJson) -> None:
    (given,) = (one for one in stack.all("sns_topic_subscription") if one["protocol"] == "email")

    assert stack.document["variable"]["subscription_email"]["default"] == ""
    assert given["endpoint"] == "${var.subscription_email}"
    assert given["count"] == '${contains([""], var.subscription_email) ? 0 : 1}'


def test_mail_is_about_the_ends_that_the_settings_name_and_programs_hear_of_all(
    stack: StackJson, settings: Settings
) -> None:
    found = filters(stack)

    (mailed,) = (json.loads(policy or "{}") for protocol, policy in found if protocol == "email")
    assert mailed == {"status": settings.email_statuses}
    assert {policy for protocol, policy in found if protocol != "email"} <= {None}


def test_a_broken_environments_file_is_one_line_and_a_failure(checkout: Path, tmp_path: Path) -> None:
    file = checkout / "environments.toml"
    file.write_text(file.read_text(encoding="utf-8").replace("log_retention_days = 30", "log_retention_days = 31"))

    done = synthesize(checkout, tmp_path / "cdktf.out")

    assert done.printed.startswith("environments.toml [staging] log_retention_days: got 31, expected one of 1, 3, 5, ")
    assert done.printed.count("\n") == 1
    assert done.exit_code == 1
    assert not list(tmp_path.glob("cdktf.out/stacks/*"))


def test_a_package_that_isnt_installed_is_one_line_and_a_failure(checkout: Path, tmp_path: Path) -> None:
    (checkout / "requirements" / "lambda.txt").write_text("no-such-distribution==1.0\n")

    done = synthesize(checkout, tmp_path / "cdktf.out")

    assert done.printed == "no-such-distribution==1.0 is not installed: run `make install`\n"
    assert done.exit_code == 1


def test_a_queue_that_shows_messages_again_too_early_cannot_be_made(checkout: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", QUEUE],
        cwd=checkout,
        env=clean_environment(),
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.stdout == "made\n"
    assert done.stderr.endswith("ValueError: visibility timeout must be at least 60 s, got 59 s\n")


def rules_of(stack: StackJson, firewall: str) -> list[dict[str, Any]]:
    (acl,) = (one for one in stack.all("wafv2_web_acl") if one["name"].endswith(f"-{firewall}"))
    return list(acl["rule"])


def filters(stack: StackJson) -> set[tuple[str, str | None]]:
    topic = stack.reference(stack.named("sns_topic", "announcements"), "arn")
    subscriptions = [one for one in stack.all("sns_topic_subscription") if one["topic_arn"] == topic]
    return {(one["protocol"], one.get("filter_policy")) for one in subscriptions}


def emails(stack: StackJson, topic: str) -> list[str]:
    arn = stack.reference(stack.named("sns_topic", topic), "arn")
    subscriptions = [one for one in stack.all("sns_topic_subscription") if one["topic_arn"] == arn]
    return sorted(one["endpoint"] for one in subscriptions if one["protocol"] == "email")
