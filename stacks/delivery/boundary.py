"""Permissions boundaries: what roles may do at most, whatever their policies say."""

from stacks.components.state_machine import LOG_DELIVERY, SAMPLED_TRACING
from stacks.delivery.alarms import reading_key, writing_dashboard, writing_key
from stacks.delivery.deploying import emptying, writing_roles
from stacks.delivery.firewall import limiting_firewall
from stacks.delivery.scope import Scope, actions
from stacks.iam import Statement, allow

DEPLOYED_SERVICES = (
    *("appsync", "cloudwatch", "cognito-idp", "dynamodb", "lambda", "logs", "scheduler", "sns", "sqs", "states"),
)


def running(scope: Scope) -> list[Statement]:
    """The limit of the orders stack's own roles: data and messages of their environment, and nothing of IAM."""
    tables = scope.named("dynamodb", "table/{}")
    return [
        allow(["appsync:GraphQL"], resources=[scope.arn("appsync", "apis/*")]),
        allow(actions("dynamodb", "DeleteItem GetItem PutItem Query UpdateItem"), resources=tables),
        allow(actions("dynamodb", "DescribeStream GetRecords GetShardIterator"), resources=tables),
        allow(["lambda:InvokeFunction"], resources=scope.named("lambda", "function:{}")),
        allow(actions("logs", "CreateLogStream PutLogEvents"), resources=scope.log_groups),
        allow(["s3:ListBucket", "s3:PutObject"], resources=[scope.bucket, f"{scope.bucket}/*"]),
        allow(["sns:Publish"], resources=scope.named("sns")),
        allow(
            actions("sqs", "DeleteMessage GetQueueAttributes ReceiveMessage SendMessage"),
            resources=scope.named("sqs"),
        ),
        allow(["states:StartExecution"], resources=scope.named("states", "stateMachine:{}")),
        allow(["dynamodb:ListStreams", *LOG_DELIVERY, *SAMPLED_TRACING], resources=["*"]),
    ]


def deploying(scope: Scope) -> list[Statement]:
    """The limit of the role that deploys: the stack's services and buckets, and roles that are limited themselves."""
    return [
        allow([f"{service}:*" for service in DEPLOYED_SERVICES], resources=["*"], conditions=scope.in_region()),
        allow(["cloudfront:*"], resources=["*"]),
        *limiting_firewall(scope),
        allow(["s3:*"], resources=[scope.bucket, scope.page_bucket, f"{scope.page_bucket}/*"]),
        *emptying(scope, scope.bucket),
        allow(["s3:ListBucket"], resources=[scope.state_bucket]),
        allow(["s3:DeleteObject", "s3:GetObject", "s3:PutObject"], resources=[*scope.states, *scope.locks]),
        allow(actions("kms", "Decrypt DescribeKey GenerateDataKey"), resources=scope.keys),
        allow(
            actions("iam", "GetRole GetRolePolicy ListAttachedRolePolicies ListRolePolicies"), resources=[scope.roles]
        ),
        *reading_key(scope),
        # Also if AWS takes a dashboard, which is in no region, for one of us-east-1.
        allow(["cloudwatch:GetDashboard"], resources=scope.dashboards),
        *writing_dashboard(scope),
        *writing_key(scope),
        *writing_roles(scope),
    ]
