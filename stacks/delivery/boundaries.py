"""Permissions boundaries: the most that roles may do, whatever their own policies allow."""

from environments.names import API_LOG_GROUPS, FUNCTIONS, OPEN_ORDERS
from stacks.components.state_machine import LOG_DELIVERY, SAMPLED_TRACING, state_machine_name
from stacks.delivery.access_log_permissions import access_log_limit
from stacks.delivery.deploy_permissions import empty_bucket, write_roles
from stacks.delivery.environment_resources import Scope, actions
from stacks.delivery.firewall_permissions import firewall_limit
from stacks.delivery.key_permissions import key_limit
from stacks.iam import Statement, allow

DEPLOYED_SERVICES = (
    *("appsync", "cloudwatch", "cognito-idp", "dynamodb", "lambda", "logs", "scheduler", "sns", "sqs", "states"),
)


def runtime_boundary(scope: Scope) -> list[Statement]:
    """Return the limit of the orders stack's own roles: all that they need together, not more."""
    return [*_use_tables(scope), *_use_keys(scope), *_run_orders(scope), *_announce_and_log(scope)]


def _use_tables(scope: Scope) -> list[Statement]:
    names = scope.settings.names
    orders, menu, payments, delayed = (
        scope.arn("dynamodb", f"table/{table}")
        for table in (names.orders_table, scope.settings.name("menu"), names.payments_table, names.delayed_table)
    )
    return [
        allow(["dynamodb:GetItem"], resources=[orders, menu, payments]),
        allow(["dynamodb:PutItem"], resources=[orders, payments, delayed]),
        allow(["dynamodb:Query"], resources=[orders, f"{orders}/index/{OPEN_ORDERS}", menu, delayed]),
        allow(["dynamodb:UpdateItem"], resources=[orders]),
        allow(["dynamodb:DeleteItem"], resources=[orders, delayed]),
        allow(["dynamodb:Scan"], resources=[delayed]),
        # A stream's ARN contains the time of its creation.
        allow(
            actions("dynamodb", "DescribeStream GetRecords GetShardIterator ListStreams"),
            resources=[f"{orders}/stream/*"],
        ),
    ]


def _use_keys(scope: Scope) -> list[Statement]:
    """Return the right to use the environment's keys through services, never directly.

    The services are those that store or transport the data that the keys encrypt.
    """
    services = ("dynamodb", "s3", "sns", "sqs") if scope.settings.customer_keys else ("sns",)
    through = scope.if_own_keys_via(*services)
    return [allow(actions("kms", "Decrypt GenerateDataKey"), resources=scope.keys, conditions=through)]


def _run_orders(scope: Scope) -> list[Statement]:
    names = scope.settings.names
    queue = scope.arn("sqs", names.queue)
    machine = state_machine_name(scope.settings.name("order"), scope.settings.workflow_type)
    functions = [
        scope.arn("lambda", f"function:{names.function(use_case)}")
        for use_case in ("announce", "charge_payment", "sweep")
    ]
    return [
        allow(["lambda:InvokeFunction"], resources=functions),
        allow(actions("sqs", "DeleteMessage GetQueueAttributes ReceiveMessage SendMessage"), resources=[queue]),
        allow(["states:StartExecution"], resources=[scope.arn("states", f"stateMachine:{machine}")]),
    ]


def _announce_and_log(scope: Scope) -> list[Statement]:
    names = scope.settings.names
    groups = [*map(names.function_log, FUNCTIONS), names.workflow_log, API_LOG_GROUPS]
    return [
        allow(["appsync:GraphQL"], resources=[scope.arn("appsync", "apis/*/types/Mutation/fields/publishOrder")]),
        allow(["sns:Publish"], resources=[scope.arn("sns", names.announcements)]),
        allow(["s3:ListBucket"], resources=[scope.bucket]),
        allow(["s3:PutObject"], resources=[f"{scope.bucket}/*"]),
        allow(
            actions("logs", "CreateLogStream PutLogEvents"),
            resources=[scope.arn("logs", f"log-group:{group}:*") for group in groups],
        ),
        # IAM takes no narrower resource for these.
        allow([*LOG_DELIVERY, *SAMPLED_TRACING], resources=["*"], conditions=scope.if_in_region()),
    ]


def deploy_boundary(scope: Scope) -> list[Statement]:
    """Return the limit of the deploy role: the stack's services and buckets, and limited roles."""
    return [
        allow(
            [*(f"{service}:*" for service in DEPLOYED_SERVICES), "kms:ListAliases"],
            resources=["*"],
            conditions=scope.if_in_region(),
        ),
        allow(["cloudfront:*"], resources=["*"]),
        *firewall_limit(scope),
        *access_log_limit(scope),
        allow(["s3:*"], resources=[scope.bucket, scope.page_bucket, f"{scope.page_bucket}/*"]),
        *empty_bucket(scope, scope.bucket),
        allow(["s3:ListBucket"], resources=[scope.state_bucket]),
        allow(["s3:DeleteObject", "s3:GetObject", "s3:PutObject"], resources=[*scope.states, *scope.locks]),
        allow(
            actions("iam", "GetRole GetRolePolicy ListAttachedRolePolicies ListRolePolicies"), resources=[scope.roles]
        ),
        # A dashboard has no region; AWS may count it to us-east-1, where the deploy role may do
        # little else.
        allow(actions("cloudwatch", "DeleteDashboards GetDashboard PutDashboard"), resources=scope.dashboards),
        *key_limit(scope),
        *write_roles(scope),
    ]
