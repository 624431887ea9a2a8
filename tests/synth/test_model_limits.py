"""Names, descriptions and numbers are within the limits of botocore's models."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.model import Shape

from tests.synth.support.boto3_calls import model
from tests.synth.support.quotas import QUOTAS
from tests.synth.support.stack_json import REFERENCE, StackJson
from tests.synth.support.synth_run import SynthRun

pytestmark = pytest.mark.contract
# Attributes of Terraform that AWS limits, with service, operation and member in botocore's model.
MEMBERS: dict[str, dict[str, tuple[str, str, str]]] = {
    "appsync_datasource": {"name": ("appsync", "CreateDataSource", "name")},
    "appsync_function": {"name": ("appsync", "CreateFunction", "name"), "code": ("appsync", "CreateFunction", "code")},
    "appsync_resolver": {
        "field": ("appsync", "CreateResolver", "fieldName"),
        "type": ("appsync", "CreateResolver", "typeName"),
        "code": ("appsync", "CreateResolver", "code"),
    },
    "appsync_graphql_api": {
        "query_depth_limit": ("appsync", "CreateGraphqlApi", "queryDepthLimit"),
        "resolver_count_limit": ("appsync", "CreateGraphqlApi", "resolverCountLimit"),
        "introspection_config": ("appsync", "CreateGraphqlApi", "introspectionConfig"),
    },
    "cloudfront_function": {"name": ("cloudfront", "CreateFunction", "Name")},
    "cloudwatch_composite_alarm": {
        "alarm_name": ("cloudwatch", "PutCompositeAlarm", "AlarmName"),
        "alarm_description": ("cloudwatch", "PutCompositeAlarm", "AlarmDescription"),
        "alarm_rule": ("cloudwatch", "PutCompositeAlarm", "AlarmRule"),
    },
    "cloudwatch_log_delivery_destination": {
        "name": ("logs", "PutDeliveryDestination", "name"),
        "output_format": ("logs", "PutDeliveryDestination", "outputFormat"),
    },
    "cloudwatch_log_delivery_source": {
        "name": ("logs", "PutDeliverySource", "name"),
        "log_type": ("logs", "PutDeliverySource", "logType"),
    },
    "cloudwatch_metric_alarm": {
        "alarm_name": ("cloudwatch", "PutMetricAlarm", "AlarmName"),
        "alarm_description": ("cloudwatch", "PutMetricAlarm", "AlarmDescription"),
        "comparison_operator": ("cloudwatch", "PutMetricAlarm", "ComparisonOperator"),
        "statistic": ("cloudwatch", "PutMetricAlarm", "Statistic"),
    },
    "cloudwatch_event_rule": {
        "name": ("events", "PutRule", "Name"),
        "description": ("events", "PutRule", "Description"),
    },
    "cloudwatch_log_group": {"name": ("logs", "CreateLogGroup", "logGroupName")},
    "cloudwatch_query_definition": {
        "name": ("logs", "PutQueryDefinition", "name"),
        "query_string": ("logs", "PutQueryDefinition", "queryString"),
    },
    "cognito_user_pool": {"name": ("cognito-idp", "CreateUserPool", "PoolName")},
    "cognito_user_pool_client": {"name": ("cognito-idp", "CreateUserPoolClient", "ClientName")},
    "dynamodb_table": {"name": ("dynamodb", "CreateTable", "TableName")},
    "iam_policy": {
        "name": ("iam", "CreatePolicy", "PolicyName"),
        "description": ("iam", "CreatePolicy", "Description"),
    },
    "iam_role": {
        "name": ("iam", "CreateRole", "RoleName"),
        "path": ("iam", "CreateRole", "Path"),
    },
    "iam_role_policy": {"name": ("iam", "PutRolePolicy", "PolicyName")},
    "kms_alias": {"name": ("kms", "CreateAlias", "AliasName")},
    "kms_key": {"description": ("kms", "CreateKey", "Description")},
    "lambda_event_source_mapping": {
        "batch_size": ("lambda", "CreateEventSourceMapping", "BatchSize"),
        "maximum_retry_attempts": ("lambda", "CreateEventSourceMapping", "MaximumRetryAttempts"),
        "maximum_record_age_in_seconds": ("lambda", "CreateEventSourceMapping", "MaximumRecordAgeInSeconds"),
        "starting_position": ("lambda", "CreateEventSourceMapping", "StartingPosition"),
    },
    "lambda_function": {
        "memory_size": ("lambda", "CreateFunction", "MemorySize"),
        "runtime": ("lambda", "CreateFunction", "Runtime"),
        "handler": ("lambda", "CreateFunction", "Handler"),
    },
    "lambda_function_event_invoke_config": {
        "maximum_event_age_in_seconds": ("lambda", "PutFunctionEventInvokeConfig", "MaximumEventAgeInSeconds"),
        "maximum_retry_attempts": ("lambda", "PutFunctionEventInvokeConfig", "MaximumRetryAttempts"),
    },
    "scheduler_schedule": {
        "name": ("scheduler", "CreateSchedule", "Name"),
        "schedule_expression": ("scheduler", "CreateSchedule", "ScheduleExpression"),
    },
    "scheduler_schedule_group": {"name": ("scheduler", "CreateScheduleGroup", "Name")},
    "sfn_state_machine": {
        "name": ("stepfunctions", "CreateStateMachine", "name"),
        "definition": ("stepfunctions", "CreateStateMachine", "definition"),
        "type": ("stepfunctions", "CreateStateMachine", "type"),
    },
    "wafv2_web_acl": {
        "name": ("wafv2", "CreateWebACL", "Name"),
        "scope": ("wafv2", "CreateWebACL", "Scope"),
    },
}
# Names without a limit in botocore's models: quotas.toml has one, or AWS documents none.
NAMED_IN_QUOTAS = {
    "dynamodb_table": "dynamodb-table-name",
    "lambda_function": "lambda-function-name",
    "s3_bucket": "s3-bucket-name",
    "sns_topic": "sns-topic-name",
    "sqs_queue": "sqs-queue-name",
}
WITHOUT_A_LIMIT = {
    *("appsync_graphql_api", "cloudfront_origin_access_control", "cloudfront_response_headers_policy"),
    *("cloudwatch_dashboard", "cloudwatch_query_definition"),
}
NAMES = ("name", "function_name", "alarm_name", "dashboard_name", "bucket")


def problems(value: Any, shape: Shape) -> Iterator[str]:
    """Yield the rules of the model that a value breaks."""
    size = len(value) if isinstance(value, str) else value
    least, most, pattern = (shape.metadata.get(name) for name in ("min", "max", "pattern"))
    if (least is not None and size < least) or (most is not None and size > most):
        yield f"{size} is not within {least} and {most}"
    enum = getattr(shape, "enum", None)
    if enum and value not in enum:
        yield f"{value!r} is none of {', '.join(enum)}"
    if pattern and isinstance(value, str) and not _fits(pattern, value):
        yield f"{value!r} doesn't match {pattern}"


def _fits(pattern: str, value: str) -> bool:
    """Return True if a value matches a pattern, which is Java's or JavaScript's."""
    return (
        re.fullmatch(pattern.replace("\\p{L}", "\\w").replace("\\p{N}", "\\w").replace("\\p{Z}", "\\s"), value)
        is not None
    )


def limited(stack: StackJson) -> Iterator[tuple[str, Any, Shape]]:
    """Yield the attributes of a stack's resources that botocore limits."""
    for type_, attributes in MEMBERS.items():
        for one in stack.all(type_):
            for attribute, (service, operation, member) in attributes.items():
                if one.get(attribute) is not None:
                    shape = model(service).operation_model(operation).input_shape
                    value = one[attribute]
                    known = REFERENCE.sub("x", value) if isinstance(value, str) else value
                    yield f"{stack.name} {type_}.{attribute}", known, shape.members[member]  # type: ignore[union-attr]


def test_every_value_is_one_that_its_service_takes(synthesis: SynthRun) -> None:
    found = [one for stack in synthesis.stacks().values() for one in limited(stack)]

    wrong = [(place, problem) for place, value, shape in found for problem in problems(value, shape)]

    assert {place.partition(" ")[2] for place, _, _ in found} == {
        f"{type_}.{attribute}" for type_, attributes in MEMBERS.items() for attribute in attributes
    }
    assert wrong == []


def test_every_kind_of_name_is_held_against_a_limit(synthesis: SynthRun) -> None:
    named = {
        type_
        for stack in synthesis.stacks().values()
        for type_ in stack.types
        for one in stack.all(type_)
        for key in NAMES
        if isinstance(one.get(key), str) and not REFERENCE.search(one[key])
    }

    assert set(NAMED_IN_QUOTAS.values()) <= set(QUOTAS)
    assert named - set(NAMED_IN_QUOTAS) - WITHOUT_A_LIMIT <= set(MEMBERS)


@pytest.mark.parametrize(
    ("member", "value"),
    [
        (("iam", "CreateRole", "RoleName"), "r" * 65),
        (("iam", "CreateRole", "RoleName"), "a role"),
        (("scheduler", "CreateSchedule", "Name"), "s" * 65),
        (("appsync", "CreateFunction", "name"), "read-order"),
        (("appsync", "CreateGraphqlApi", "queryDepthLimit"), 76),
        (("cloudwatch", "PutMetricAlarm", "ComparisonOperator"), "Above"),
        (("lambda", "CreateFunction", "Runtime"), "python3.99"),
        (("appsync", "CreateFunction", "code"), "x" * 32_769),
    ],
)
def test_a_value_that_its_service_does_not_take_is_found(member: tuple[str, str, str], value: Any) -> None:
    service, operation, name = member
    shape = model(service).operation_model(operation).input_shape

    assert list(problems(value, shape.members[name]))  # type: ignore[union-attr]
