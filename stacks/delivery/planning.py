"""Permissions to plan the orders stack.

They are the calls that the AWS provider 5.100 was seen to make, and reading the state.
"""

from stacks.delivery.keys import reading_keys
from stacks.delivery.scope import Scope, actions
from stacks.iam import Statement, allow

BUCKET_READS = (
    *("s3:GetAccelerateConfiguration", "s3:GetBucketAcl", "s3:GetBucketCORS", "s3:GetBucketLogging"),
    *("s3:GetBucketObjectLockConfiguration", "s3:GetBucketPolicy", "s3:GetBucketPublicAccessBlock"),
    *("s3:GetBucketRequestPayment", "s3:GetBucketTagging", "s3:GetBucketVersioning", "s3:GetBucketWebsite"),
    *("s3:GetEncryptionConfiguration", "s3:GetLifecycleConfiguration", "s3:GetReplicationConfiguration"),
    "s3:ListBucket",
)


def planning(scope: Scope) -> list[Statement]:
    """Return the permissions to read the state, and the resources that are deployed."""
    return [*_state(scope), *_with_names(scope), *_without_names(scope)]


def _state(scope: Scope) -> list[Statement]:
    return [
        allow(["s3:ListBucket"], resources=[scope.state_bucket]),
        allow(["s3:GetObject"], resources=scope.states),
        allow(["kms:Decrypt"], resources=scope.keys, conditions=scope.with_state_key()),
    ]


def _with_names(scope: Scope) -> list[Statement]:
    return [
        allow(["cloudwatch:GetDashboard"], resources=scope.dashboards),
        allow(["cloudwatch:ListTagsForResource"], resources=scope.named("cloudwatch", "alarm:{}")),
        allow(
            actions("dynamodb", "DescribeContinuousBackups DescribeTable DescribeTimeToLive ListTagsOfResource"),
            resources=scope.named("dynamodb", "table/{}"),
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
            resources=scope.named("lambda", "function:{}"),
        ),
        allow(["logs:ListTagsForResource"], resources=scope.log_groups),
        allow(BUCKET_READS, resources=[scope.bucket]),
        allow(["scheduler:GetSchedule"], resources=scope.schedules),
        allow(
            actions("scheduler", "GetScheduleGroup ListTagsForResource"),
            resources=scope.named("scheduler", "schedule-group/{}"),
        ),
        allow(
            actions("sns", "GetTopicAttributes ListSubscriptionsByTopic ListTagsForResource"),
            resources=scope.named("sns"),
        ),
        allow(actions("sqs", "GetQueueAttributes ListQueueTags"), resources=scope.named("sqs")),
        allow(
            actions("states", "DescribeStateMachine ListStateMachineVersions ListTagsForResource"),
            resources=scope.named("states", "stateMachine:{}"),
        ),
    ]


def _without_names(scope: Scope) -> list[Statement]:
    return [
        allow(
            ["appsync:GetGraphqlApi"],
            resources=[scope.arn("appsync", "apis/*")],
            conditions=scope.tagged("aws:ResourceTag"),
        ),
        allow(
            actions("cognito-idp", "DescribeUserPool DescribeUserPoolClient GetUserPoolMfaConfig"),
            resources=[scope.arn("cognito-idp", "userpool/*")],
            conditions=scope.tagged("aws:ResourceTag"),
        ),
        allow(
            ["lambda:GetEventSourceMapping"],
            resources=[scope.arn("lambda", "event-source-mapping:*")],
            conditions=scope.of_functions(),
        ),
        allow(["lambda:ListTags"], resources=[scope.arn("lambda", "event-source-mapping:*")]),
        # The provider asks if a table's key is DynamoDB's own.
        allow(
            ["kms:DescribeKey"],
            resources=scope.keys,
            conditions={"StringEquals": {"kms:RequestAlias": "alias/aws/dynamodb"}},
        ),
        *reading_keys(scope),
        # IAM takes no narrower resource for these.
        allow(["cloudwatch:DescribeAlarms"], resources=[scope.arn("cloudwatch", "alarm:*")]),
        allow(
            [
                *actions("appsync", "GetDataSource GetFunction GetResolver"),
                *("logs:DescribeLogGroups", "logs:DescribeQueryDefinitions", "sns:GetSubscriptionAttributes"),
                "states:ValidateStateMachineDefinition",
            ],
            resources=["*"],
            conditions=scope.in_region(),
        ),
    ]
