"""AppSync GraphQL APIs."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from cdktf import Fn, TerraformResourceLifecycle
from cdktf_cdktf_provider_aws.appsync_datasource import (
    AppsyncDatasource,
    AppsyncDatasourceDynamodbConfig,
    AppsyncDatasourceHttpConfig,
    AppsyncDatasourceHttpConfigAuthorizationConfig,
    AppsyncDatasourceHttpConfigAuthorizationConfigAwsIamConfig,
)
from cdktf_cdktf_provider_aws.appsync_function import AppsyncFunction, AppsyncFunctionRuntime
from cdktf_cdktf_provider_aws.appsync_graphql_api import (
    AppsyncGraphqlApi,
    AppsyncGraphqlApiAdditionalAuthenticationProvider,
    AppsyncGraphqlApiLogConfig,
    AppsyncGraphqlApiUserPoolConfig,
)
from cdktf_cdktf_provider_aws.appsync_resolver import (
    AppsyncResolver,
    AppsyncResolverPipelineConfig,
    AppsyncResolverRuntime,
)
from constructs import Construct

from stacks.components.key import EncryptionKey
from stacks.components.log_group import LogGroup
from stacks.components.queue import Queue
from stacks.components.table import Table
from stacks.components.user_pool import UserPool
from stacks.iam import Account, Grantee, Role

RUNTIME = {"name": "APPSYNC_JS", "runtime_version": "1.0.0"}
# AppSync refuses to delete a function or a data source that is in use. By default Terraform deletes
# it before it updates its users. With this in the state it deletes it afterwards.
DELETE_AFTER_USERS = TerraformResourceLifecycle(create_before_destroy=True)


@dataclass(frozen=True)
class RequestLimits:
    """The limits of one request, and if the schema may be introspected."""

    introspection: bool
    query_depth: int
    resolver_count: int


class GraphqlApi(Construct):
    """An API for a pool's users. Roles of the account may call what the schema marks `@aws_iam`."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        account: Account,
        schema: str,
        users: UserPool,
        limits: RequestLimits,
        field_log_level: str,
        log_retention_days: int,
        log_key: EncryptionKey | None = None,
        traced: bool = True,
    ) -> None:
        super().__init__(scope, id_)
        self._name = name
        self._account = account
        # Names and ids as attributes of the resources, so that their users depend on the resources.
        self._source_names: dict[str, str] = {}
        self._function_ids: dict[str, str] = {}
        logger = Role(self, "LogRole", name=f"{name}-logs", service="appsync.amazonaws.com", account=account)
        self._resource = AppsyncGraphqlApi(
            self,
            "Resource",
            name=name,
            schema=schema,
            authentication_type="AMAZON_COGNITO_USER_POOLS",
            user_pool_config=AppsyncGraphqlApiUserPoolConfig(
                aws_region=account.region,
                default_action="ALLOW",
                user_pool_id=users.id,
                app_id_client_regex=users.client_id,
            ),
            additional_authentication_provider=[
                AppsyncGraphqlApiAdditionalAuthenticationProvider(authentication_type="AWS_IAM")
            ],
            introspection_config="ENABLED" if limits.introspection else "DISABLED",
            query_depth_limit=limits.query_depth,
            resolver_count_limit=limits.resolver_count,
            xray_enabled=traced,
            log_config=AppsyncGraphqlApiLogConfig(
                cloudwatch_logs_role_arn=logger.arn, field_log_level=field_log_level, exclude_verbose_content=True
            ),
        )
        self.id = str(self._resource.id)
        # AppSync names its log group after the API's id. If we don't define it, AppSync creates it
        # without retention.
        self.log_group = LogGroup(
            self,
            "Logs",
            name=f"/aws/appsync/apis/{self.id}",
            retention_days=log_retention_days,
            account=account,
            key=log_key,
        )
        self.log_group.grant_write(logger)

    @cached_property
    def arn(self) -> str:
        """The API's ARN."""
        return str(self._resource.arn)

    @cached_property
    def graphql_url(self) -> str:
        """The address to which clients post queries and mutations."""
        return str(Fn.lookup(self._resource.uris, "GRAPHQL", ""))

    @cached_property
    def realtime_url(self) -> str:
        """The address to which clients connect for subscriptions."""
        return str(Fn.lookup(self._resource.uris, "REALTIME", ""))

    def grant_call(self, grantee: Grantee, *fields: str) -> None:
        """Let the grantee call these fields, for example `Mutation.publishOrder`."""
        for field in fields:
            resource = self._account.arn("appsync", "apis/{}/types/{}/fields/{}".format(self.id, *field.split(".")))
            grantee.allow(f"call-{field.replace('.', '-')}", actions=["appsync:GraphQL"], resources=[resource])

    def add_none_source(self, name: str) -> None:
        """Add a source of type NONE: its answer is what the resolver's request passes to it."""
        self._add_source(name, type="NONE")

    def add_table_source(self, name: str, table: Table, *actions: str, more: Sequence[Table] = ()) -> None:
        """Add a table as a source, with a role that may call these DynamoDB actions on it.

        A transaction may write several tables: the role gets the actions on those in `more` too.
        """
        role = self._source_role(name)
        for granted in (table, *more):
            granted.grant(role, *actions)
        self._add_source(
            name,
            type="AMAZON_DYNAMODB",
            service_role_arn=role.arn,
            dynamodb_config=AppsyncDatasourceDynamodbConfig(table_name=table.name, region=self._account.region),
        )

    def add_queue_source(self, name: str, queue: Queue) -> None:
        """Add SQS's HTTP API as a source, with a role that may send to the queue."""
        role = self._source_role(name)
        queue.grant_send(role)
        signing = AppsyncDatasourceHttpConfigAuthorizationConfigAwsIamConfig(
            signing_region=self._account.region, signing_service_name="sqs"
        )
        self._add_source(
            name,
            type="HTTP",
            service_role_arn=role.arn,
            http_config=AppsyncDatasourceHttpConfig(
                endpoint=f"https://sqs.{self._account.region}.amazonaws.com",
                authorization_config=AppsyncDatasourceHttpConfigAuthorizationConfig(
                    authorization_type="AWS_IAM", aws_iam_config=signing
                ),
            ),
        )

    def add_function(self, name: str, *, code: str, source: str) -> None:
        """Add a step that pipeline resolvers can share."""
        function = AppsyncFunction(
            self,
            f"Function-{name}",
            api_id=self.id,
            name=name,
            data_source=self._source_names[source],
            code=code,
            runtime=AppsyncFunctionRuntime(**RUNTIME),
            lifecycle=DELETE_AFTER_USERS,
        )
        self._function_ids[name] = str(function.function_id)

    def add_resolver(self, field: str, *, code: str, source: str | None, functions: Sequence[str]) -> None:
        """Resolve a field such as `Query.order` from one source, or by a pipeline of functions."""
        type_name, _, field_name = field.partition(".")
        pipeline = AppsyncResolverPipelineConfig(functions=[self._function_ids[name] for name in functions])
        how = {"data_source": self._source_names[source]} if source else {"pipeline_config": pipeline}
        AppsyncResolver(
            self,
            field,
            api_id=self.id,
            type=type_name,
            field=field_name,
            code=code,
            runtime=AppsyncResolverRuntime(**RUNTIME),
            kind="UNIT" if source else "PIPELINE",
            **how,
        )

    def _add_source(self, name: str, **config: object) -> None:
        source = AppsyncDatasource(self, name, api_id=self.id, name=name, lifecycle=DELETE_AFTER_USERS, **config)
        self._source_names[name] = str(source.name)

    def _source_role(self, name: str) -> Role:
        noun = name.replace("_", "-")
        return Role(
            self, f"{name}-role", name=f"{self._name}-{noun}", service="appsync.amazonaws.com", account=self._account
        )
