"""The base of every stack of an environment: one account, one region, state in its bucket."""

from collections.abc import Mapping

from cdktf import DataTerraformRemoteStateS3, S3Backend, TerraformStack
from cdktf_cdktf_provider_aws.provider import AwsProvider, AwsProviderDefaultTags
from constructs import Construct

from environments.settings import Settings
from stacks.iam import Account


class EnvironmentStack(TerraformStack):
    """A stack for its environment's account only.

    Its state is in that account, locked and encrypted.
    """

    def __init__(self, scope: Construct, id_: str, *, settings: Settings) -> None:
        super().__init__(scope, id_)
        self._settings = settings
        self._account = Account(
            id=settings.account_id, region=settings.region, permissions_boundary=settings.permissions_boundary
        )
        self._use_provider("aws", region=settings.region)
        self._keep_state_remotely(f"{id_}.tfstate")

    def _use_provider(
        self, id_: str, *, region: str, alias: str | None = None, tags: Mapping[str, str] | None = None
    ) -> AwsProvider:
        """Create a provider for the environment's account.

        Only resources that name it use a provider with an `alias`. `tags` replace the environment's
        tags on its resources.
        """
        settings = self._settings
        custom = settings.custom_endpoint
        return AwsProvider(
            self,
            id_,
            alias=alias,
            region=region,
            allowed_account_ids=[settings.account_id],
            default_tags=[AwsProviderDefaultTags(tags=dict(tags or settings.names.tags))],
            # A custom endpoint has no virtual-hosted buckets and no metadata service.
            s3_use_path_style=custom or None,
            skip_credentials_validation=custom or None,
            skip_metadata_api_check="true" if custom else None,
            skip_region_validation=custom or None,
            # Fewer than the provider's 25 retries, so that a failed endpoint is reported soon.
            # Enough for a fault of Go's client with a near endpoint: if the answer comes before the
            # client has noted the end of its own request, it closes the connection
            # (aws/aws-sdk-go-v2#1825).
            max_retries=4 if custom else None,
        )

    def _keep_state_remotely(self, key: str) -> None:
        settings = self._settings
        custom = settings.custom_endpoint
        backend = S3Backend(
            self,
            bucket=settings.state_bucket,
            key=key,
            region=settings.region,
            encrypt=True,
            # Without the key's name Terraform asks for S3's own encryption, whatever the bucket's
            # default is.
            kms_key_id=self._account.arn("kms", settings.names.state_key_alias),
            skip_credentials_validation=custom or None,
            skip_metadata_api_check=custom or None,
        )
        # S3Backend of cdktf 0.21 doesn't know these yet.
        backend.add_override("use_lockfile", True)
        if custom:
            backend.add_override("use_path_style", True)
            backend.add_override("skip_region_validation", True)
            backend.add_override("skip_requesting_account_id", True)

    def _read_outputs(self, stack: str) -> DataTerraformRemoteStateS3:
        """Read the outputs of another stack of the environment, as of its last deployment."""
        settings = self._settings
        custom = settings.custom_endpoint or None
        return DataTerraformRemoteStateS3(
            self,
            stack,
            bucket=settings.state_bucket,
            key=f"{stack}.tfstate",
            region=settings.region,
            use_path_style=custom,
            skip_credentials_validation=custom,
            skip_metadata_api_check=custom,
            skip_region_validation=custom,
            skip_requesting_account_id=custom,
        )
