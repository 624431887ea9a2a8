"""Rules that every policy must keep."""

import json
import re

from tests.synth.support.permission_table import documents, statements
from tests.synth.support.stack_json import StackJson, name_of

# Actions for which AWS takes no ARN, so that they need the resource "*".
WITHOUT_ARN = {
    # X-Ray: neither segments nor sampling belong to a resource.
    "xray:GetSamplingRules",
    "xray:GetSamplingTargets",
    "xray:PutTelemetryRecords",
    "xray:PutTraceSegments",
    # CloudWatch Logs: how Step Functions sets up the delivery of its logs.
    "logs:CreateLogDelivery",
    "logs:DeleteLogDelivery",
    "logs:DescribeLogGroups",
    "logs:DescribeResourcePolicies",
    "logs:GetLogDelivery",
    "logs:ListLogDeliveries",
    "logs:PutResourcePolicy",
    "logs:UpdateLogDelivery",
}
# The only wildcards inside ARNs: a log group's streams, a bucket's objects.
INSIDE = (r"arn:aws:logs:[^*]+:log-group:[^*]+:\*", r"arn:aws:s3:::[^*]+/\*")


def test_every_policy_is_plain_json_text(stack: StackJson) -> None:
    found = documents(stack)

    assert len(found) > 40
    assert "data" not in stack.document
    for where, text in found.items():
        assert json.loads(text)["Version"] == "2012-10-17", where


def test_nothing_is_allowed_by_a_wildcard_action(stack: StackJson) -> None:
    for where, text in documents(stack).items():
        for statement in statements(text):
            assert {"NotAction", "NotResource", "NotPrincipal"} & statement.keys() == set(), where
            if statement["Effect"] == "Allow":
                assert [action for action in statement["Action"] if re.search(r"[*?]", action)] == [], where


def test_everything_is_only_a_resource_where_aws_takes_no_arn(stack: StackJson) -> None:
    for where, text in documents(stack).items():
        for statement in statements(text):
            if "*" in statement.get("Resource", []):
                assert set(statement["Action"]) <= WITHOUT_ARN, where
                assert statement["Resource"] == ["*"], where


def test_wildcards_inside_arns_are_a_groups_streams_and_a_buckets_objects(stack: StackJson) -> None:
    for where, text in documents(stack).items():
        for statement in statements(text):
            for resource in statement.get("Resource", []):
                if resource != "*" and re.search(r"[*?]", resource):
                    assert any(re.fullmatch(pattern, resource) for pattern in INSIDE), where


def test_every_arn_in_a_policy_names_a_resource_of_the_stack(stack: StackJson) -> None:
    known = {
        *(f"sqs:{name_of(one)}" for one in stack.all("sqs_queue")),
        *(f"sns:{name_of(one)}" for one in stack.all("sns_topic")),
        *(f"s3:{name_of(one)}" for one in stack.all("s3_bucket")),
        *(f"lambda:function:{name_of(one)}" for one in stack.all("lambda_function")),
        *(f"states:stateMachine:{name_of(one)}" for one in stack.all("sfn_state_machine")),
        *(f"logs:log-group:{name_of(one)}" for one in stack.all("cloudwatch_log_group")),
        *(f"dynamodb:table/{name_of(one)}" for one in stack.all("dynamodb_table")),
        f"cloudwatch:alarm:{stack.name}-*",
        f"dynamodb:table/{stack.name}-orders/index/open-orders",
        f"appsync:apis/{stack.reference(stack.only('appsync_graphql_api'), 'id')}/types/Mutation/fields/publishOrder",
    }

    for where, text in documents(stack).items():
        for arn in re.findall(r'"arn:aws:([^"]+)"', text):
            service, _, _, name = arn.split(":", 3)
            assert f"{service}:{re.sub(r'(:|/)[*]$', '', name)}" in known, where


def test_there_are_no_managed_policies_users_or_groups(stack: StackJson) -> None:
    assert {type_ for type_ in stack.types if type_.startswith("iam_")} == {"iam_role", "iam_role_policy"}
    for role in stack.all("iam_role"):
        assert not {"managed_policy_arns", "inline_policy"} & role.keys(), name_of(role)


def test_queues_topic_and_bucket_refuse_plain_http(stack: StackJson) -> None:
    protected = [
        *((name_of(queue), "sqs:*", queue["policy"]) for queue in stack.all("sqs_queue")),
        *((stack.name, "sns:Publish", policy["policy"]) for policy in stack.all("sns_topic_policy")),
        *((stack.name, "s3:*", policy["policy"]) for policy in stack.all("s3_bucket_policy")),
    ]

    assert len(protected) == len([*stack.all("sqs_queue"), *stack.all("sns_topic"), *stack.all("s3_bucket")])
    for where, action, text in protected:
        denied = [
            statement
            for statement in statements(text)
            if statement["Effect"] == "Deny" and statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
        ]
        assert [(one["Principal"], action in one["Action"]) for one in denied] == [("*", True)], where
