"""Permissions to plan the orders stack.

They are the calls that the AWS provider 5.100 was seen to make, and reading the state.
"""

from stacks.delivery.environment_resources import Scope, actions
from stacks.delivery.key_permissions import read_keys
from stacks.iam import Statement, allow

BUCKET_READS = (
    *("s3:GetAccelerateConfiguration", "s3:GetBucketAcl", "s3:GetBucketCORS", "s3:GetBucketLogging"),
    *("s3:GetBucketObjectLockConfiguration", "s3:GetBucketPolicy", "s3:GetBucketPublicAccessBlock"),
    *("s3:GetBucketRequestPayment", "s3:GetBucketTagging", "s3:GetBucketVersioning", "s3:GetBucketWebsite"),
    *("s3:GetEncryptionConfiguration", "s3:GetLifecycleConfiguration", "s3:GetReplicationConfiguration"),
    "s3:ListBucket",
)


def plan_permissions(scope: Scope) -> list[Statement]:
    """Return the permissions to read the state, and the resources that are deployed."""
    return [*_state(scope), *_named_resources(scope), *_unnamed_resources(scope)]


def _state(scope: Scope) -> list[Statement]:
    return [
        allow(["s3:ListBucket"], resources=[scope.state_bucket]),
        allow(["s3:GetObject"], resources=scope.states),
        allow(["kms:Decrypt"], resources=scope.keys, conditions=scope.if_state_key()),
    ]


def _named_resources(scope: Scope) -> list[Statement]:
    return [
        allow(["cloudwatch:GetDashboard"], resources=scope.dashboards),
        allow(["cloudwatch:ListTagsForResource"], resources=scope.arns_by_name("cloudwatch", "alarm:{}")),
        allow(
            actions("dynamodb", "DescribeContinuousBackups DescribeTable DescribeTimeToLive ListTagsOfResource"),
            resources=scope.arns_by_name("dynamodb", "table/{}"),
        ),
        allow(
            actions("iam", "GetRole GetRolePolicy ListAttachedRolePolicies ListRolePolicies"),
            resources=[scope.roles],
        ),
        allow(
            actions(
                "lambda",
                "GetFunction GetFunctionCodeSigningConfig GetFunctionEventInvokeConfig ListVersionsByFunction",
            ),
            resources=scope.arns_by_name("lambda", "function:{}"),
        ),
        allow(["logs:ListTagsForResource"], resources=scope.log_groups),
        allow(BUCKET_READS, resources=[scope.bucket]),
        allow(["scheduler:GetSchedule"], resources=scope.schedules),
        allow(
            actions("scheduler", "GetScheduleGroup ListTagsForResource"),
            resources=scope.arns_by_name("scheduler", "schedule-group/{}"),
        ),
        allow(
            actions("sns", "GetTopicAttributes ListSubscriptionsByTopic ListTagsForResource"),
            resources=scope.arns_by_name("sns"),
        ),
        allow(actions("sqs", "GetQueueAttributes ListQueueTags"), resources=scope.arns_by_name("sqs")),
        allow(
            actions("states", "DescribeStateMachine ListStateMachineVersions ListTagsForResource"),
            resources=scope.arns_by_name("states", "stateMachine:{}"),
        ),
    ]


def _unnamed_resources(scope: Scope) -> list[Statement]:
    return [
        allow(
            ["appsync:GetGraphqlApi"],
            resources=[scope.arn("appsync", "apis/*")],
            conditions=scope.if_tagged("aws:ResourceTag"),
        ),
        allow(
            actions("cognito-idp", "DescribeUserPool DescribeUserPoolClient GetUserPoolMfaConfig"),
            resources=[scope.arn("cognito-idp", "userpool/*")],
            conditions=scope.if_tagged("aws:ResourceTag"),
        ),
        allow(
            ["lambda:GetEventSourceMapping"],
            resources=[scope.arn("lambda", "event-source-mapping:*")],
            conditions=scope.if_of_functions(),
        ),
        allow(["lambda:ListTags"], resources=[scope.arn("lambda", "event-source-mapping:*")]),
        # The provider asks if a table's key is DynamoDB's own.
        allow(
            ["kms:DescribeKey"],
            resources=scope.keys,
            conditions={"StringEquals": {"kms:RequestAlias": "alias/aws/dynamodb"}},
        ),
        *read_keys(scope),
        # IAM takes no narrower resource for these.
        allow(["cloudwatch:DescribeAlarms"], resources=[scope.arn("cloudwatch", "alarm:*")]),
        allow(
            [
                *actions("appsync", "GetDataSource GetFunction GetResolver"),
                *("logs:DescribeLogGroups", "logs:DescribeQueryDefinitions", "sns:GetSubscriptionAttributes"),
                "states:ValidateStateMachineDefinition",
            ],
            resources=["*"],
            conditions=scope.if_in_region(),
        ),
    ]
