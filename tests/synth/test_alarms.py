"""Each alarm notifies somebody, and names a page with instructions."""

import re

from environments.names import RUNBOOKS
from environments.runbooks import runbook
from environments.settings import Settings
from tests.synth.support.permission_table import statements
from tests.synth.support.stack_json import StackJson, name_of, path_of
from tests.synth.support.watched_metrics import shown, watched, widgets

LAMBDA = "Lambda developer guide, Types of metrics for Lambda functions"
MAPPINGS = "Lambda developer guide, Event source mapping metrics"
SCHEDULER = "EventBridge Scheduler user guide, Monitoring Amazon EventBridge Scheduler with Amazon CloudWatch"
SQS = "SQS developer guide, Available CloudWatch metrics for Amazon SQS"
STATES = "Step Functions developer guide, Monitoring Step Functions metrics using Amazon CloudWatch"
APPSYNC = "AppSync developer guide, Using CloudWatch to monitor and log GraphQL API data"
DYNAMODB = "DynamoDB developer guide, DynamoDB Metrics and dimensions"
LOGS = "CloudWatch Logs user guide, Monitoring with CloudWatch metrics"
SNS = "SNS developer guide, Monitoring Amazon SNS topics using CloudWatch"
# The metrics that AWS writes, with their dimensions and the page that documents them. AppSync's and
# Scheduler's are in the CloudWatch user guide, "Supported metrics for resource tags for telemetry":
# AppSync's Requests has no metric with GraphQLAPIId alone. test_function_contract.py compares the
# functions' own metrics to their code.
DOCUMENTED = {
    ("AWS/AppSync", "4XXError", ("GraphQLAPIId",)): APPSYNC,
    ("AWS/AppSync", "5XXError", ("GraphQLAPIId",)): APPSYNC,
    ("AWS/AppSync", "Latency", ("GraphQLAPIId",)): APPSYNC,
    ("AWS/AppSync", "OutboundMessages", ("GraphQLAPIId",)): APPSYNC,
    ("AWS/DynamoDB", "ConsumedReadCapacityUnits", ("TableName",)): DYNAMODB,
    ("AWS/DynamoDB", "ConsumedWriteCapacityUnits", ("TableName",)): DYNAMODB,
    ("AWS/DynamoDB", "ConsumedReadCapacityUnits", ("GlobalSecondaryIndexName", "TableName")): DYNAMODB,
    ("AWS/DynamoDB", "ConsumedWriteCapacityUnits", ("GlobalSecondaryIndexName", "TableName")): DYNAMODB,
    ("AWS/DynamoDB", "ReadThrottleEvents", ("TableName",)): DYNAMODB,
    ("AWS/DynamoDB", "WriteThrottleEvents", ("TableName",)): DYNAMODB,
    ("AWS/DynamoDB", "ReadThrottleEvents", ("GlobalSecondaryIndexName", "TableName")): DYNAMODB,
    ("AWS/DynamoDB", "WriteThrottleEvents", ("GlobalSecondaryIndexName", "TableName")): DYNAMODB,
    ("AWS/Lambda", "ConcurrentExecutions", ("FunctionName",)): LAMBDA,
    ("AWS/Lambda", "Duration", ("FunctionName",)): LAMBDA,
    ("AWS/Lambda", "Errors", ("FunctionName",)): LAMBDA,
    ("AWS/Lambda", "Invocations", ("FunctionName",)): LAMBDA,
    ("AWS/Lambda", "IteratorAge", ("FunctionName",)): LAMBDA,
    ("AWS/Lambda", "Throttles", ("FunctionName",)): LAMBDA,
    ("AWS/Lambda", "OnFailureDestinationDeliveredEventCount", ("EventSourceMappingUUID",)): MAPPINGS,
    ("AWS/Logs", "IncomingBytes", ("LogGroupName",)): LOGS,
    ("AWS/Scheduler", "InvocationDroppedCount", ("ScheduleGroup",)): SCHEDULER,
    ("AWS/Scheduler", "InvocationThrottleCount", ("ScheduleGroup",)): SCHEDULER,
    ("AWS/Scheduler", "TargetErrorCount", ("ScheduleGroup",)): SCHEDULER,
    ("AWS/Scheduler", "TargetErrorThrottledCount", ("ScheduleGroup",)): SCHEDULER,
    ("AWS/SQS", "ApproximateAgeOfOldestMessage", ("QueueName",)): SQS,
    ("AWS/SNS", "NumberOfMessagesPublished", ("TopicName",)): SNS,
    ("AWS/SQS", "ApproximateNumberOfMessagesDelayed", ("QueueName",)): SQS,
    ("AWS/SQS", "ApproximateNumberOfMessagesNotVisible", ("QueueName",)): SQS,
    ("AWS/SQS", "ApproximateNumberOfMessagesVisible", ("QueueName",)): SQS,
    ("AWS/SQS", "NumberOfMessagesSent", ("QueueName",)): SQS,
    ("AWS/States", "ExecutionTime", ("StateMachineArn",)): STATES,
    ("AWS/States", "ExecutionsFailed", ("StateMachineArn",)): STATES,
    ("AWS/States", "ExecutionsStarted", ("StateMachineArn",)): STATES,
    ("AWS/States", "ExecutionsTimedOut", ("StateMachineArn",)): STATES,
    ("AWS/States", "ExpressExecutionBilledDuration", ("StateMachineArn",)): STATES,
}
ALARM_TYPES = ("cloudwatch_metric_alarm", "cloudwatch_composite_alarm")


def test_every_alarm_tells_the_ops_topic_when_it_begins_and_ends(stack: StackJson) -> None:
    topic = stack.reference(stack.named("sns_topic", "ops"), "arn")

    alarms = [alarm for type_ in ALARM_TYPES for alarm in stack.all(type_)]

    assert len(alarms) == len(RUNBOOKS)
    for alarm in alarms:
        assert alarm["alarm_actions"] == alarm["ok_actions"] == [topic], name_of(alarm)


def test_every_alarm_names_its_runbook(stack: StackJson, settings: Settings) -> None:
    alarms = {name_of(alarm): alarm for type_ in ALARM_TYPES for alarm in stack.all(type_)}

    said = {noun: alarms[settings.name(noun)]["alarm_description"] for noun in RUNBOOKS}

    for noun, description in said.items():
        assert description.endswith(f" Runbook: {runbook(noun, settings)}"), noun
        # CloudWatch's limit.
        assert len(description) <= 1024, noun


def test_cloudwatch_may_encrypt_for_the_ops_topic_and_publish_to_it_for_this_account(stack: StackJson) -> None:
    place = stack.document["provider"]["aws"][0]
    (account,) = place["allowed_account_ids"]
    topic = stack.named("sns_topic", "ops")
    key = stack.referred(topic["kms_master_key_id"])
    (document,) = (one for one in stack.all("sns_topic_policy") if stack.referred(one["arn"]) is topic)

    _, encrypting = statements(key["policy"])
    _, publishing = statements(document["policy"])

    cloudwatch = {"Service": "cloudwatch.amazonaws.com"}
    assert encrypting == {
        "Effect": "Allow",
        "Principal": cloudwatch,
        "Action": ["kms:Decrypt", "kms:GenerateDataKey*"],
        "Resource": ["*"],
        "Condition": {"StringEquals": {"aws:SourceAccount": account}},
    }
    assert publishing == {
        "Effect": "Allow",
        "Principal": cloudwatch,
        "Action": ["sns:Publish"],
        "Resource": [f"arn:aws:sns:{place['region']}:{account}:{stack.name}-ops"],
        "Condition": {
            "ArnLike": {"aws:SourceArn": f"arn:aws:cloudwatch:{place['region']}:{account}:alarm:{stack.name}-*"},
            "StringEquals": {"aws:SourceAccount": account},
        },
    }
    (alias,) = (one["name"] for one in stack.all("kms_alias") if stack.referred(one["target_key_id"]) is key)
    assert alias == f"alias/{stack.name}-ops"


def test_orders_are_not_flowing_while_any_alarm_of_what_customers_notice_is_on(stack: StackJson) -> None:
    rule = stack.only("cloudwatch_composite_alarm")["alarm_rule"]

    watched = [name_of(stack.referred(text)) for text in re.findall(r"ALARM\(([^)]*)\)", rule)]

    outside_in = ("api-errors", "api-latency", "late-orders", "old-hints", "failed-payments", "sweep-silent")
    assert watched == [f"{stack.name}-{noun}" for noun in outside_in]
    assert re.sub(r"ALARM\([^)]*\)", "x", rule) == " OR ".join("x" * len(watched))


def test_a_sweep_that_nobody_hears_of_is_an_alarm(stack: StackJson) -> None:
    every_minute = stack.named("scheduler_schedule", "sweep")["schedule_expression"]

    silent = stack.named("cloudwatch_metric_alarm", "sweep-silent")

    assert every_minute == "rate(1 minute)"
    assert silent["treat_missing_data"] == "breaching"
    assert (silent["comparison_operator"], silent["threshold"]) == ("LessThanThreshold", 1)
    assert silent["evaluation_periods"] * silent["period"] == 5 * 60


def test_silence_of_any_other_metric_is_no_alarm(stack: StackJson) -> None:
    alarms = stack.all("cloudwatch_metric_alarm")

    breaching = [name_of(one) for one in alarms if one["treat_missing_data"] != "notBreaching"]

    assert breaching == [f"{stack.name}-sweep-silent"]


def test_a_hint_may_be_on_the_queue_for_the_change_window(stacks: dict[str, StackJson]) -> None:
    found = {name: stack.named("cloudwatch_metric_alarm", "old-hints")["threshold"] for name, stack in stacks.items()}

    assert (found["dev"], found["staging"]) == (180, 210)


def test_what_aws_writes_is_watched_and_shown_with_the_dimensions_that_aws_documents(stack: StackJson) -> None:
    metrics = {metric for alarm in stack.all("cloudwatch_metric_alarm") for metric in watched(alarm)}
    metrics |= {metric for graph in widgets(stack, "metric") for metric in shown(graph)}

    of_aws = {
        (one.namespace, one.name, tuple(name for name, _ in one.dimensions))
        for one in metrics
        if one.namespace.startswith("AWS/")
    }

    assert of_aws == DOCUMENTED.keys()


def test_an_alarm_watches_what_each_mapping_gives_up(stack: StackJson) -> None:
    mappings = [one for one in stack.all("lambda_event_source_mapping") if "destination_config" in one]
    dimensions = [metric.dimensions for alarm in stack.all("cloudwatch_metric_alarm") for metric in watched(alarm)]

    seen = {value for pairs in dimensions for name, value in pairs if name == "EventSourceMappingUUID"}

    assert seen == {stack.reference(one, "uuid") for one in mappings} != set()
    for one in mappings:
        # Without it, Lambda doesn't count deliveries.
        assert one["metrics_config"] == {"metrics": ["EventCount"]}, path_of(one)


def test_the_schedules_are_in_a_group_of_their_own(stack: StackJson) -> None:
    for schedule in stack.all("scheduler_schedule"):
        assert stack.referred(schedule["group_name"]) is stack.only("scheduler_schedule_group")


def test_every_function_and_no_other_has_the_alarms_of_functions(stack: StackJson) -> None:
    functions = {name_of(one) for one in stack.all("lambda_function")}
    alarms = {name_of(one): dict(watched(one)[0].dimensions) for one in stack.all("cloudwatch_metric_alarm")}

    for kind in ("throttles", "errors", "durations"):
        found = {name: of["FunctionName"] for name, of in alarms.items() if name == f"{of.get('FunctionName')}-{kind}"}
        assert set(found.values()) == functions, kind


def test_a_duration_is_near_the_timeout_of_its_function(stack: StackJson, settings: Settings) -> None:
    for function in stack.all("lambda_function"):
        noun = name_of(function).removeprefix(f"{stack.name}-")
        alarm = stack.named("cloudwatch_metric_alarm", f"{noun}-durations")

        assert alarm["threshold"] == function["timeout"] * 1000 * settings.alarm_duration_percent / 100, noun
