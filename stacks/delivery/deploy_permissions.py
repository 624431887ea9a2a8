"""Permissions to apply the orders stack: its state, its resources, and roles within a boundary."""

from stacks.components.firewall import EDGE_REGION
from stacks.delivery.environment_resources import ASSUMING_SERVICES, Scope, actions, unless_protected
from stacks.iam import Statement, allow, refuse


def write_resources(scope: Scope) -> list[Statement]:
    """Return the permissions to create, change and remove everything except roles.

    With removal protection, they don't allow the removal of anything that holds data.
    """
    return [*_named_resources(scope), *_unnamed_resources(scope)]


def write_state(scope: Scope) -> list[Statement]:
    """Return the permissions to write the states, and to take and free their locks."""
    return [
        allow(["s3:PutObject"], resources=[*scope.states, *scope.locks]),
        allow(["s3:DeleteObject", "s3:GetObject"], resources=scope.locks),
        allow(["kms:GenerateDataKey"], resources=scope.keys, conditions=scope.if_state_key()),
    ]


def write_roles(scope: Scope) -> list[Statement]:
    """Return the permissions to make roles with the environment's boundary, and to pass them on.

    They can be passed only to the services that use them.
    """
    return [
        # Without the boundary, a role can neither be created nor get permissions: none can exceed
        # it.
        allow(
            actions("iam", "CreateRole DeleteRolePolicy PutRolePermissionsBoundary PutRolePolicy"),
            resources=[scope.roles],
            conditions={"StringEquals": {"iam:PermissionsBoundary": str(scope.settings.permissions_boundary)}},
        ),
        # For removal and trust, AWS's reference isn't clear if the request has the role's boundary.
        # So the condition is on the tags, which every role created here has from the start.
        allow(
            actions("iam", "DeleteRole TagRole UntagRole UpdateAssumeRolePolicy"),
            resources=[scope.roles],
            conditions=scope.if_tagged("aws:ResourceTag"),
        ),
        allow(["iam:TagRole"], resources=[scope.roles], conditions=scope.if_tagging()),
        allow(["iam:ListInstanceProfilesForRole"], resources=[scope.roles]),
        # AWS creates these roles with the first API of an account, and with its first sender of
        # mail.
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
        # `*` in an ARN also matches a slash, so without this a role could have any name below a
        # path. The trust alarm knows roles by their names.
        refuse(
            actions("iam", "CreateRole PassRole PutRolePolicy TagRole UpdateAssumeRolePolicy"),
            resources=[f"{scope.roles}/*"],
        ),
    ]


def empty_bucket(scope: Scope, bucket: str) -> list[Statement]:
    """Return the permissions to empty a bucket, unless only an administrator may remove it.

    Terraform deletes every version by its id, also the only version in a bucket without versioning.
    S3's API reference asks for DeleteObject in every case, and also for DeleteObjectVersion where a
    version is named.
    """
    if scope.settings.removal_protection:
        return []
    return [
        allow(["s3:ListBucketVersions"], resources=[bucket]),
        allow(["s3:DeleteObject", "s3:DeleteObjectVersion"], resources=[f"{bucket}/*"]),
    ]


def bucket_policy_actions(scope: Scope) -> list[str]:
    """Return the actions that write a bucket's policy, unless only an administrator may remove it.

    A bucket policy that grants to a role's session is limited by neither the role's permissions nor
    its boundary. So whoever writes the policy could let themselves read and remove all objects.
    """
    return unless_protected(scope, "s3:DeleteBucketPolicy", "s3:PutBucketPolicy")


def _named_resources(scope: Scope) -> list[Statement]:
    return [
        allow(
            [
                *actions("dynamodb", "CreateTable TagResource UntagResource UpdateTable"),
                # The right to change backups is the right to end them. So only an administrator
                # adds a table to a protected environment.
                *unless_protected(scope, "dynamodb:DeleteTable", "dynamodb:UpdateContinuousBackups"),
            ],
            resources=scope.arns_by_name("dynamodb", "table/{}"),
        ),
        allow(
            actions(
                "lambda",
                "CreateFunction DeleteFunction DeleteFunctionConcurrency DeleteFunctionEventInvokeConfig"
                " GetFunctionConfiguration PutFunctionConcurrency PutFunctionEventInvokeConfig TagResource"
                " UntagResource UpdateFunctionCode UpdateFunctionConfiguration",
            ),
            resources=scope.arns_by_name("lambda", "function:{}"),
        ),
        allow(
            [
                *actions("s3", "CreateBucket PutBucketPublicAccessBlock PutBucketTagging"),
                *unless_protected(scope, "s3:DeleteBucket", "s3:PutBucketLogging", "s3:PutBucketVersioning"),
                *unless_protected(scope, "s3:PutEncryptionConfiguration", "s3:PutLifecycleConfiguration"),
                *bucket_policy_actions(scope),
            ],
            resources=[scope.bucket],
        ),
        *empty_bucket(scope, scope.bucket),
        allow(
            actions("scheduler", "CreateSchedule DeleteSchedule UpdateSchedule"),
            resources=scope.schedules,
        ),
        allow(
            actions("scheduler", "CreateScheduleGroup DeleteScheduleGroup TagResource UntagResource"),
            resources=scope.arns_by_name("scheduler", "schedule-group/{}"),
        ),
        allow(
            actions("sns", "CreateTopic DeleteTopic SetTopicAttributes TagResource UntagResource"),
            resources=scope.arns_by_name("sns"),
        ),
        # Only people may be subscribed: a queue or a function could belong to anybody who knows the
        # topic.
        allow(
            ["sns:Subscribe"],
            resources=scope.arns_by_name("sns"),
            conditions={"StringEquals": {"sns:Protocol": "email"}},
        ),
        allow(
            [
                *actions("sqs", "CreateQueue SetQueueAttributes TagQueue UntagQueue"),
                *unless_protected(scope, "sqs:DeleteQueue"),
            ],
            resources=scope.arns_by_name("sqs"),
        ),
        allow(
            actions("states", "CreateStateMachine DeleteStateMachine TagResource UntagResource UpdateStateMachine"),
            resources=scope.arns_by_name("states", "stateMachine:{}"),
        ),
    ]


def _unnamed_resources(scope: Scope) -> list[Statement]:
    mappings = [scope.arn("lambda", "event-source-mapping:*")]
    pools = [scope.arn("cognito-idp", "userpool/*")]
    return [
        allow(
            ["appsync:CreateGraphqlApi", *unless_protected(scope, "cognito-idp:CreateUserPool")],
            resources=["*"],
            conditions=scope.if_tagged("aws:RequestTag"),
        ),
        allow(["appsync:TagResource"], resources=["*"], conditions=scope.if_tagging()),
        allow(["cognito-idp:TagResource"], resources=pools, conditions=scope.if_tagging_what_holds_data()),
        allow(
            actions("appsync", "DeleteGraphqlApi UntagResource UpdateGraphqlApi"),
            resources=[scope.arn("appsync", "apis/*")],
            conditions=scope.if_tagged("aws:ResourceTag"),
        ),
        allow(
            [
                *actions("cognito-idp", "CreateUserPoolClient DeleteUserPoolClient"),
                "cognito-idp:UpdateUserPoolClient",
                *unless_protected(scope, "cognito-idp:DeleteUserPool", "cognito-idp:UntagResource"),
            ],
            resources=pools,
            conditions=scope.if_tagged("aws:ResourceTag"),
        ),
        allow(["cognito-idp:UpdateUserPool"], resources=pools, conditions=scope.if_keeping_tags()),
        allow(["lambda:CreateEventSourceMapping"], resources=["*"], conditions=scope.if_of_functions()),
        allow(
            actions("lambda", "DeleteEventSourceMapping UpdateEventSourceMapping"),
            resources=mappings,
            conditions=scope.if_of_functions(),
        ),
        allow(["lambda:TagResource"], resources=mappings, conditions=scope.if_tagging()),
        allow(["lambda:UntagResource"], resources=mappings, conditions=scope.if_tagged("aws:ResourceTag")),
        # IAM takes no narrower resource for these. For subscriptions AWS's reference lists a topic, but
        # doesn't require it.
        allow(
            [
                *actions("appsync", "CreateDataSource CreateFunction CreateResolver DeleteDataSource DeleteFunction"),
                *actions("appsync", "DeleteResolver GetSchemaCreationStatus StartSchemaCreation UpdateDataSource"),
                *("appsync:UpdateFunction", "appsync:UpdateResolver", "logs:DeleteQueryDefinition"),
                "logs:PutQueryDefinition",
                *_subscription_actions(scope),
            ],
            resources=["*"],
            conditions=scope.if_in_region(),
        ),
    ]


def _subscription_actions(scope: Scope) -> list[str]:
    """Return the actions on subscriptions of any topic.

    Return none in the region in which the trust alarm has its own subscriptions.
    """
    return [] if scope.settings.region == EDGE_REGION else ["sns:SetSubscriptionAttributes", "sns:Unsubscribe"]
