"""Lambda functions."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from cdktf import TerraformAsset
from cdktf_cdktf_provider_aws.iam_role_policy import IamRolePolicy
from cdktf_cdktf_provider_aws.lambda_event_source_mapping import (
    LambdaEventSourceMapping,
    LambdaEventSourceMappingDestinationConfig,
    LambdaEventSourceMappingDestinationConfigOnFailure,
    LambdaEventSourceMappingFilterCriteria,
    LambdaEventSourceMappingFilterCriteriaFilter,
    LambdaEventSourceMappingMetricsConfig,
    LambdaEventSourceMappingScalingConfig,
)
from cdktf_cdktf_provider_aws.lambda_function import (
    LambdaFunction,
    LambdaFunctionLoggingConfig,
    LambdaFunctionTracingConfig,
)
from cdktf_cdktf_provider_aws.lambda_function_event_invoke_config import LambdaFunctionEventInvokeConfig
from constructs import Construct

from environments.names import function_log_group
from stacks.components.bucket import Bucket
from stacks.components.key import EncryptionKey
from stacks.components.log_group import LogGroup
from stacks.components.queue import Queue
from stacks.components.table import Table
from stacks.iam import LAMBDA, Account, Grantee, Role


@dataclass(frozen=True)
class Code:
    """A zip as a Terraform asset, with the base64 SHA-256 that Lambda compares."""

    asset: TerraformAsset
    hash: str


class Function(Construct):
    """A Python function with a role, a log group and tracing of its own."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        account: Account,
        code: Code,
        handler: str,
        timeout_seconds: int,
        environment: Mapping[str, str],
        log_retention_days: int,
        memory_mb: int = 512,
        traced: bool = True,
        reserved_concurrency: int | None = None,
        key: EncryptionKey | None = None,
    ) -> None:
        """Create the function; its log and its variables are encrypted with the key.

        Without a key, each service uses its own.
        """
        super().__init__(scope, id_)
        self.known_arn = account.arn("lambda", f"function:{name}")
        self.timeout_seconds = timeout_seconds
        self.log_group = LogGroup(
            self, "Logs", name=function_log_group(name), retention_days=log_retention_days, account=account, key=key
        )
        self.grantee = Role(self, "Role", name=name, service=LAMBDA, account=account)
        self._resource = LambdaFunction(
            self,
            "Resource",
            function_name=name,
            role=self.grantee.arn,
            runtime="python3.13",
            architectures=["arm64"],
            handler=handler,
            filename=code.asset.path,
            source_code_hash=code.hash,
            memory_size=memory_mb,
            timeout=timeout_seconds,
            reserved_concurrent_executions=reserved_concurrency,
            environment={"variables": dict(environment)},
            # Lambda grants the function's role the right to decrypt them.
            kms_key_arn=key.arn if key else None,
            tracing_config=LambdaFunctionTracingConfig(mode="Active" if traced else "PassThrough"),
            logging_config=LambdaFunctionLoggingConfig(log_format="JSON", log_group=self.log_group.name),
            depends_on=[self.log_group.grant_write(self.grantee), self.grantee.allow_tracing()],
        )

    @cached_property
    def name(self) -> str:
        """The function's name, which carries the dependency on the function."""
        return str(self._resource.function_name)

    @cached_property
    def arn(self) -> str:
        """The function's ARN, which carries the dependency on the function."""
        return str(self._resource.arn)

    def grant_invoke(self, grantee: Grantee) -> IamRolePolicy:
        """Let the grantee run the function."""
        return grantee.allow(f"invoke-{self.node.id}", actions=["lambda:InvokeFunction"], resources=[self.known_arn])

    def never_retry(self, *, maximum_age_seconds: int) -> LambdaFunctionEventInvokeConfig:
        """Run an asynchronous call once, and not at all after its maximum age (60 s to 6 hours).

        By default Lambda runs a failed call twice more, and keeps a throttled one for six hours.
        """
        return LambdaFunctionEventInvokeConfig(
            self,
            "AsynchronousCalls",
            function_name=self.name,
            maximum_event_age_in_seconds=maximum_age_seconds,
            maximum_retry_attempts=0,
        )

    def consume_queue(self, queue: Queue, *, batch_size: int, maximum_concurrency: int) -> None:
        """Run for batches of the queue's messages; a message that fails doesn't fail the others."""
        LambdaEventSourceMapping(
            self,
            f"From-{queue.node.id}",
            event_source_arn=queue.arn,
            function_name=self.name,
            batch_size=batch_size,
            function_response_types=["ReportBatchItemFailures"],
            scaling_config=LambdaEventSourceMappingScalingConfig(maximum_concurrency=maximum_concurrency),
            # Lambda checks the permission when the mapping is created.
            depends_on=queue.grant_consume(self.grantee),
        )

    def consume_stream(
        self, table: Table, *, filter_pattern: str, failures: Bucket, batch_size: int, parallelization_factor: int
    ) -> str:
        """Run for the table's changes, those of one item in order, and return the mapping's id.

        A change that fails for an hour is kept in the bucket; the mapping counts such deliveries. A
        shard has up to `parallelization_factor` batches at once, each with items of its own.
        """
        destination = LambdaEventSourceMappingDestinationConfigOnFailure(destination_arn=failures.arn)
        mapping = LambdaEventSourceMapping(
            self,
            f"From-{table.node.id}",
            event_source_arn=table.stream_arn,
            function_name=self.name,
            # LATEST may miss changes written while the mapping starts.
            starting_position="TRIM_HORIZON",
            batch_size=batch_size,
            parallelization_factor=parallelization_factor,
            bisect_batch_on_function_error=True,
            # So many that the age ends the retries: a shorter outage loses nothing.
            maximum_retry_attempts=100,
            maximum_record_age_in_seconds=3600,
            function_response_types=["ReportBatchItemFailures"],
            filter_criteria=LambdaEventSourceMappingFilterCriteria(
                filter=[LambdaEventSourceMappingFilterCriteriaFilter(pattern=filter_pattern)]
            ),
            destination_config=LambdaEventSourceMappingDestinationConfig(on_failure=destination),
            metrics_config=LambdaEventSourceMappingMetricsConfig(metrics=["EventCount"]),
            depends_on=[*table.grant_read_stream(self.grantee), *failures.grant_write(self.grantee)],
        )
        return str(mapping.uuid)
