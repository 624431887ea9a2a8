"""What `terraform apply` of the orders stack writes: the states, the resources, and roles within their boundary."""

from stacks.components.firewall import EDGE_REGION
from stacks.delivery.scope import ASSUMING_SERVICES, Scope, actions, removal
from stacks.iam import Statement, allow


def writing_resources(scope: Scope) -> list[Statement]:
    """Creating, changing and removing everything but roles; not what holds data, where removal is protected."""
    return [*_with_names(scope), *_without_names(scope)]


def writing_state(scope: Scope) -> list[Statement]:
    """Writing the states, and taking and freeing their locks."""
    return [
        allow(["s3:PutObject"], resources=[*scope.states, *scope.locks]),
        allow(["s3:DeleteObject", "s3:GetObject"], resources=scope.locks),
        allow(["kms:GenerateDataKey"], resources=scope.keys, conditions=scope.with_state_key()),
    ]


def writing_roles(scope: Scope) -> list[Statement]:
    """Making roles that carry the environment's boundary, and handing them to the services that use them."""
    return [
        # A role without the boundary can be neither made nor given permissions, so nothing made here exceeds it.
        allow(
            actions("iam", "CreateRole DeleteRolePolicy PutRolePermissionsBoundary PutRolePolicy"),
            resources=[scope.roles],
            conditions={"StringEquals": {"iam:PermissionsBoundary": str(scope.settings.permissions_boundary)}},
        ),
        # A condition on removal or trust isn't told the role's boundary: editions of AWS's reference differ on it. The
        # tags stand for it, which every role made here has from the start.
        allow(
            actions("iam", "DeleteRole TagRole UntagRole UpdateAssumeRolePolicy"),
            resources=[scope.roles],
            conditions=scope.tagged("aws:ResourceTag"),
        ),
        allow(["iam:TagRole"], resources=[scope.roles], conditions=scope.tagging()),
        allow(["iam:ListInstanceProfilesForRole"], resources=[scope.roles]),
        # Making the first API of an account, and naming its first sender of mail, depend on it.
        *(
            allow(
                ["iam:CreateServiceLinkedRole"],
                resources=[role],
                conditions={"StringEquals": {"iam:AWSServiceName": service}},
            )
            for service, role in scope.service_linked_roles.items()
        ),
        allow(
            ["iam:PassRole"],
            resources=[scope.roles],
            conditions={"StringEquals": {"iam:PassedToService": ASSUMING_SERVICES}},
        ),
    ]


def emptying(scope: Scope, bucket: str) -> list[Statement]:
    """Emptying a bucket before it is removed, unless removal is an administrator's business.

    Terraform deletes every version by its id, also the only one of an object in a bucket without versions. S3's API
    reference asks for DeleteObject in every case, and for DeleteObjectVersion besides where a version is named.
    """
    if scope.settings.removal_protection:
        return []
    return [
        allow(["s3:ListBucketVersions"], resources=[bucket]),
        allow(["s3:DeleteObject", "s3:DeleteObjectVersion"], resources=[f"{bucket}/*"]),
    ]


def writing_policies(scope: Scope) -> list[str]:
    """Writing a bucket's policy, unless removal is an administrator's business.

    A grant to a role's session is limited by neither its permissions nor its boundary, so whoever writes the policy may
    let themselves read and remove all that the bucket holds.
    """
    return removal(scope, "s3:DeleteBucketPolicy", "s3:PutBucketPolicy")


def _with_names(scope: Scope) -> list[Statement]:
    return [
        allow(
            [
                *actions("dynamodb", "CreateTable TagResource UntagResource UpdateTable"),
                # Who may write backups may end them, so a new table of a protected environment is an administrator's.
                *removal(scope, "dynamodb:DeleteTable", "dynamodb:UpdateContinuousBackups"),
            ],
            resources=scope.named("dynamodb", "table/{}"),
        ),
        allow(
            actions(
                "lambda",
                "CreateFunction DeleteFunction DeleteFunctionConcurrency DeleteFunctionEventInvokeConfig"
                " GetFunctionConfiguration PutFunctionConcurrency PutFunctionEventInvokeConfig TagResource"
                " UntagResource UpdateFunctionCode UpdateFunctionConfiguration",
            ),
            resources=scope.named("lambda", "function:{}"),
        ),
        allow(
            [
                *actions("s3", "CreateBucket PutBucketLogging PutBucketPublicAccessBlock PutBucketTagging"),
                "s3:PutEncryptionConfiguration",
                *removal(scope, "s3:DeleteBucket", "s3:PutBucketVersioning", "s3:PutLifecycleConfiguration"),
                *writing_policies(scope),
            ],
            resources=[scope.bucket],
        ),
        *emptying(scope, scope.bucket),
        allow(
            actions("scheduler", "CreateSchedule DeleteSchedule UpdateSchedule"),
            resources=scope.schedules,
        ),
        allow(
            actions("scheduler", "CreateScheduleGroup DeleteScheduleGroup TagResource UntagResource"),
            resources=scope.named("scheduler", "schedule-group/{}"),
        ),
        allow(
            actions("sns", "CreateTopic DeleteTopic SetTopicAttributes TagResource UntagResource"),
            resources=scope.named("sns"),
        ),
        # People are subscribed, no queue and no function of whoever knows the topic.
        allow(["sns:Subscribe"], resources=scope.named("sns"), conditions={"StringEquals": {"sns:Protocol": "email"}}),
        allow(
            [
                *actions("sqs", "CreateQueue SetQueueAttributes TagQueue UntagQueue"),
                *removal(scope, "sqs:DeleteQueue"),
            ],
            resources=scope.named("sqs"),
        ),
        allow(
            actions("states", "CreateStateMachine DeleteStateMachine TagResource UntagResource UpdateStateMachine"),
            resources=scope.named("states", "stateMachine:{}"),
        ),
    ]


def _without_names(scope: Scope) -> list[Statement]:
    mappings = [scope.arn("lambda", "event-source-mapping:*")]
    pools = [scope.arn("cognito-idp", "userpool/*")]
    return [
        allow(
            ["appsync:CreateGraphqlApi", "cognito-idp:CreateUserPool"],
            resources=["*"],
            conditions=scope.tagged("aws:RequestTag"),
        ),
        allow(["appsync:TagResource"], resources=["*"], conditions=scope.tagging()),
        allow(["cognito-idp:TagResource"], resources=pools, conditions=scope.tagging()),
        allow(
            actions("appsync", "DeleteGraphqlApi UntagResource UpdateGraphqlApi"),
            resources=[scope.arn("appsync", "apis/*")],
            conditions=scope.tagged("aws:ResourceTag"),
        ),
        allow(
            [
                *actions("cognito-idp", "CreateUserPoolClient DeleteUserPoolClient UntagResource"),
                *actions("cognito-idp", "UpdateUserPool UpdateUserPoolClient"),
                *removal(scope, "cognito-idp:DeleteUserPool"),
            ],
            resources=pools,
            conditions=scope.tagged("aws:ResourceTag"),
        ),
        allow(["lambda:CreateEventSourceMapping"], resources=["*"], conditions=scope.of_functions()),
        allow(
            actions("lambda", "DeleteEventSourceMapping UpdateEventSourceMapping"),
            resources=mappings,
            conditions=scope.of_functions(),
        ),
        allow(["lambda:TagResource"], resources=mappings, conditions=scope.tagging()),
        allow(["lambda:UntagResource"], resources=mappings, conditions=scope.tagged("aws:ResourceTag")),
        # IAM takes no narrower resource for these.
        allow(
            [
                *actions("appsync", "CreateDataSource CreateFunction CreateResolver DeleteDataSource DeleteFunction"),
                *actions("appsync", "DeleteResolver GetSchemaCreationStatus StartSchemaCreation UpdateDataSource"),
                *("appsync:UpdateFunction", "appsync:UpdateResolver", "logs:DeleteQueryDefinition"),
                "logs:PutQueryDefinition",
                *_ending_subscriptions(scope),
            ],
            resources=["*"],
            conditions=scope.in_region(),
        ),
    ]


def _ending_subscriptions(scope: Scope) -> list[str]:
    """Changing and ending subscriptions of any topic; not in the region where the alarm on trust has its own."""
    return [] if scope.settings.region == EDGE_REGION else ["sns:SetSubscriptionAttributes", "sns:Unsubscribe"]
