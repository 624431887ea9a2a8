"""The functions, and the sources that invoke them."""

import base64
import hashlib
import json

import pytest
from orders.handlers.announce import GIVE_UP_AFTER_MILLISECONDS

from environments.names import FUNCTIONS, noun
from environments.settings import Settings
from tests.synth.support.stack_json import Resource, StackJson, name_of, path_of
from tests.synth.support.watched_metrics import watched

NOUNS = tuple(map(noun, FUNCTIONS))


def test_the_functions_are_those_of_the_names(stack: StackJson) -> None:
    assert {name_of(one) for one in stack.all("lambda_function")} == {f"{stack.name}-{noun}" for noun in NOUNS}


def test_every_function_runs_python_on_arm_traced_and_logging_json(stack: StackJson, settings: Settings) -> None:
    mode = "Active" if settings.tracing else "PassThrough"
    for function in stack.all("lambda_function"):
        assert function["runtime"] == "python3.13", path_of(function)
        assert function["architectures"] == ["arm64"], path_of(function)
        assert function["tracing_config"] == {"mode": mode}, path_of(function)
        assert function["logging_config"]["log_format"] == "JSON", path_of(function)


def test_every_function_logs_to_a_group_of_its_own(stack: StackJson) -> None:
    for function in stack.all("lambda_function"):
        group = stack.referred(function["logging_config"]["log_group"])

        assert group["name"] == f"/aws/lambda/{name_of(function)}"


def test_every_function_waits_for_its_log_and_trace_permissions(stack: StackJson) -> None:
    for function in stack.all("lambda_function"):
        before = {stack.referred(f"${{{name}.id}}")["name"] for name in function["depends_on"]}

        assert before == {"trace", "write-logs"}, path_of(function)


def test_every_function_runs_the_one_package_that_its_hash_names(stack: StackJson) -> None:
    for function in stack.all("lambda_function"):
        package = (stack.folder / function["filename"]).read_bytes()

        assert function["source_code_hash"] == base64.b64encode(hashlib.sha256(package).digest()).decode()


def test_a_message_that_fails_doesnt_fail_its_batch_and_concurrency_is_bounded(
    stack: StackJson, settings: Settings
) -> None:
    mapping = mapping_of(stack, "start-workflow")

    assert stack.referred(mapping["event_source_arn"]) is stack.named("sqs_queue", "placed")
    assert mapping["batch_size"] == 10
    assert mapping["function_response_types"] == ["ReportBatchItemFailures"]
    assert mapping["scaling_config"] == {"maximum_concurrency": settings.workflow_concurrency}


def test_changes_of_orders_are_announced_from_the_first_on(stack: StackJson) -> None:
    mapping = mapping_of(stack, "announce")

    assert mapping["event_source_arn"] == stack.reference(stack.named("dynamodb_table", "orders"), "stream_arn")
    assert mapping["starting_position"] == "TRIM_HORIZON"


def test_new_orders_are_announced_only_where_they_can_be_changed(stack: StackJson, settings: Settings) -> None:
    (pattern,) = mapping_of(stack, "announce")["filter_criteria"]["filter"]

    news = ["INSERT", "MODIFY"] if settings.change_window_seconds else ["MODIFY"]
    assert json.loads(pattern["pattern"]) == {"eventName": news}


def test_a_poison_change_blocks_the_stream_for_a_finite_time_and_is_kept_whole(stack: StackJson) -> None:
    mapping = mapping_of(stack, "announce")

    assert mapping["function_response_types"] == ["ReportBatchItemFailures"]
    assert mapping["bisect_batch_on_function_error"] is True
    # The age must end the retries, not their number: an outage of minutes must not drop a change.
    assert mapping["maximum_retry_attempts"] == 100
    # What was delayed is tried for as long.
    assert mapping["maximum_record_age_in_seconds"] == GIVE_UP_AFTER_MILLISECONDS / 1000 == 3600
    assert stack.referred(mapping["destination_config"]["on_failure"]["destination_arn"]) is stack.only("s3_bucket")


def test_every_mapping_waits_for_the_permissions_that_lambda_checks(stack: StackJson, settings: Settings) -> None:
    before = {
        path_of(mapping): {stack.referred(f"${{{name}.id}}")["name"] for name in mapping["depends_on"]}
        for mapping in stack.all("lambda_event_source_mapping")
    }

    keys = (
        ("use-data-key-via-sqs", "use-data-key-via-dynamodb", "use-data-key-via-s3") if settings.customer_keys else ()
    )
    assert before == {
        "start-workflow/From-placed": {"consume-placed", *keys[:1]},
        "announce/From-orders": {"read-stream-orders", "write-undelivered", "list-undelivered", *keys[1:]},
    }


@pytest.mark.parametrize("noun", ["sweep", "announce"])
def test_what_runs_every_minute_is_heard_when_it_fails(stack: StackJson, noun: str) -> None:
    schedule = stack.named("scheduler_schedule", noun)
    alarm = stack.named("cloudwatch_metric_alarm", f"{noun}-errors")

    assert schedule["schedule_expression"] == "rate(1 minute)"
    assert schedule["flexible_time_window"] == {"mode": "OFF"}
    assert stack.referred(schedule["target"]["arn"]) is stack.named("lambda_function", noun)
    assert alarm["dimensions"] == {"FunctionName": name_of(stack.named("lambda_function", noun))}


@pytest.mark.parametrize("noun", ["sweep", "announce"])
def test_what_runs_every_minute_is_not_run_again_when_it_failed_or_is_late(stack: StackJson, noun: str) -> None:
    function = stack.named("lambda_function", noun)
    configs = stack.all("lambda_function_event_invoke_config")
    (config,) = (one for one in configs if stack.referred(one["function_name"]) is function)
    schedule = stack.named("scheduler_schedule", noun)

    handing_over = schedule["target"]["retry_policy"]

    assert (config["maximum_retry_attempts"], config["maximum_event_age_in_seconds"]) == (0, 60)
    assert handing_over == {"maximum_retry_attempts": 0, "maximum_event_age_in_seconds": 60}
    # The setting must exist before the first call.
    assert stack.reference(config, "id").removeprefix("${").removesuffix(".id}") in schedule["depends_on"]


def test_the_alarms_watch_things_that_are_there(stack: StackJson) -> None:
    workflow = stack.named("lambda_function", "start-workflow")["environment"]["variables"]["STATE_MACHINE_ARN"]
    api = stack.reference(stack.only("appsync_graphql_api"), "id")
    # If `delayed` is throttled, the alarm of announcements tells it. An alarm takes ten metrics.
    tables = {name_of(table) for table in stack.all("dynamodb_table")} - {f"{stack.name}-delayed"}

    seen = {
        name_of(alarm): {value for metric in watched(alarm) for _, value in metric.dimensions}
        for alarm in stack.all("cloudwatch_metric_alarm")
    }

    assert seen == {
        **{
            f"{stack.name}-{noun}-{kind}": {f"{stack.name}-{noun}"}
            for noun in NOUNS
            for kind in ("throttles", "errors", "durations")
        },
        f"{stack.name}-api-errors": {api},
        f"{stack.name}-api-latency": {api},
        f"{stack.name}-late-orders": {powertools_service(stack, "sweep"), stack.environment},
        f"{stack.name}-old-hints": {f"{stack.name}-placed"},
        f"{stack.name}-failed-payments": {powertools_service(stack, "charge-payment"), stack.environment},
        f"{stack.name}-sweep-silent": {f"{stack.name}-sweep"},
        f"{stack.name}-undelivered-announcements": {stack.reference(mapping_of(stack, "announce"), "uuid")},
        f"{stack.name}-schedule-drops": {name_of(stack.only("scheduler_schedule_group"))},
        f"{stack.name}-table-throttles": {*tables, "open-orders"},
        f"{stack.name}-dead-letters": {f"{stack.name}-placed-dead-letters"},
        f"{stack.name}-failed-announcements": {powertools_service(stack, "announce"), stack.environment},
        f"{stack.name}-late-announcements": {f"{stack.name}-announce"},
        f"{stack.name}-orders-taken-up": {powertools_service(stack, "sweep"), stack.environment},
        f"{stack.name}-orders-given-up": {powertools_service(stack, "sweep"), stack.environment},
        f"{stack.name}-workflow-failures": {workflow},
        f"{stack.name}-workflow-timeouts": {workflow},
    }


def test_a_workflow_that_fails_and_one_that_runs_out_of_time_are_both_heard(stack: StackJson) -> None:
    alarms = [stack.named("cloudwatch_metric_alarm", noun) for noun in ("workflow-failures", "workflow-timeouts")]

    assert [alarm["metric_name"] for alarm in alarms] == ["ExecutionsFailed", "ExecutionsTimedOut"]
    assert {alarm["namespace"] for alarm in alarms} == {"AWS/States"}


def test_a_function_that_lambda_refuses_to_run_is_heard(stack: StackJson) -> None:
    throttles = [one for one in stack.all("cloudwatch_metric_alarm") if one.get("metric_name") == "Throttles"]

    watched = {one["dimensions"]["FunctionName"] for one in throttles}

    assert watched == {name_of(one) for one in stack.all("lambda_function")}
    assert {(one["namespace"], one["threshold"]) for one in throttles} == {("AWS/Lambda", 0)}


def powertools_service(stack: StackJson, noun: str) -> str:
    function = stack.named("lambda_function", noun)
    return str(function["environment"]["variables"]["POWERTOOLS_SERVICE_NAME"])


def mapping_of(stack: StackJson, noun: str) -> Resource:
    function = stack.named("lambda_function", noun)
    mappings = stack.all("lambda_event_source_mapping")
    (mapping,) = (one for one in mappings if stack.referred(one["function_name"]) is function)
    return mapping
