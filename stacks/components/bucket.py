"""S3 buckets."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from cdktf import Fn, ITerraformDependable
from cdktf_cdktf_provider_aws.iam_role_policy import IamRolePolicy
from cdktf_cdktf_provider_aws.s3_bucket import S3Bucket
from cdktf_cdktf_provider_aws.s3_bucket_lifecycle_configuration import (
    S3BucketLifecycleConfiguration,
    S3BucketLifecycleConfigurationRule,
    S3BucketLifecycleConfigurationRuleAbortIncompleteMultipartUpload,
    S3BucketLifecycleConfigurationRuleExpiration,
    S3BucketLifecycleConfigurationRuleFilter,
    S3BucketLifecycleConfigurationRuleNoncurrentVersionExpiration,
)
from cdktf_cdktf_provider_aws.s3_bucket_logging import S3BucketLoggingA
from cdktf_cdktf_provider_aws.s3_bucket_policy import S3BucketPolicy
from cdktf_cdktf_provider_aws.s3_bucket_public_access_block import S3BucketPublicAccessBlock
from cdktf_cdktf_provider_aws.s3_bucket_server_side_encryption_configuration import (
    S3BucketServerSideEncryptionConfigurationA,
    S3BucketServerSideEncryptionConfigurationRuleA,
    S3BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultA,
)
from cdktf_cdktf_provider_aws.s3_bucket_versioning import (
    S3BucketVersioningA,
    S3BucketVersioningVersioningConfiguration,
)
from cdktf_cdktf_provider_aws.s3_object import S3Object
from constructs import Construct

from environments.names import CONTENT_HASH, arn
from stacks.components.deletion_protection import lifecycle
from stacks.components.key import EncryptionKey
from stacks.iam import Account, Conditions, Grantee, allow, deny_plain_http, policy


class Bucket(Construct):
    """A private, encrypted bucket that is reached over TLS only."""

    def __init__(
        self, scope: Construct, id_: str, *, name: str, removal_protection: bool, key: EncryptionKey | None = None
    ) -> None:
        """Encrypt with the key, or with S3's own if there is none."""
        super().__init__(scope, id_)
        self.name = name
        self.known_arn = f"arn:aws:s3:::{name}"
        self._resource = S3Bucket(
            self,
            "Resource",
            bucket=name,
            force_destroy=not removal_protection,
            lifecycle=lifecycle(removal_protection),
        )
        self._bucket = str(self._resource.bucket)
        S3BucketPublicAccessBlock(
            self,
            "PublicAccessBlock",
            bucket=self._bucket,
            block_public_acls=True,
            block_public_policy=True,
            ignore_public_acls=True,
            restrict_public_buckets=True,
        )
        self._key = key
        self._encryption = self._encrypt(key)
        self._statements = [deny_plain_http("s3", self.known_arn, f"{self.known_arn}/*")]
        self._policy = S3BucketPolicy(self, "Policy", bucket=self._bucket, policy=policy(*self._statements))

    def keep_versions(self, *, days: int, newest: int | None = None) -> None:
        """Keep old versions of objects for some days, and the `newest` ones for ever.

        Without `newest`, nothing stays of an object that was removed before that time, not even the
        marker of its removal.
        """
        versioning = S3BucketVersioningA(
            self,
            "Versioning",
            bucket=self._bucket,
            versioning_configuration=S3BucketVersioningVersioningConfiguration(status="Enabled"),
        )
        forget = S3BucketLifecycleConfigurationRuleExpiration(expired_object_delete_marker=True)
        old = S3BucketLifecycleConfigurationRuleNoncurrentVersionExpiration(
            noncurrent_days=days, newer_noncurrent_versions=newest
        )
        self._remove_by_rule(
            "old-versions",
            expiration=None if newest else [forget],
            noncurrent_version_expiration=[old],
            after=[versioning],
        )

    def expire_after(self, *, days: int) -> None:
        """Remove each object after so many days."""
        self._remove_by_rule("old", expiration=[S3BucketLifecycleConfigurationRuleExpiration(days=days)])

    def _remove_by_rule(self, id_: str, *, after: Sequence[ITerraformDependable] = (), **what: Any) -> None:
        """Let S3 remove objects by a lifecycle rule, and uploads not completed within a day."""
        abandoned = S3BucketLifecycleConfigurationRuleAbortIncompleteMultipartUpload(days_after_initiation=1)
        rule = S3BucketLifecycleConfigurationRule(
            id=id_,
            status="Enabled",
            filter=[S3BucketLifecycleConfigurationRuleFilter(prefix="")],
            abort_incomplete_multipart_upload=[abandoned],
            **what,
        )
        S3BucketLifecycleConfiguration(self, "Lifecycle", bucket=self._bucket, rule=[rule], depends_on=[*after] or None)

    def log_access(self, *, to: str) -> None:
        """Let S3 log the requests for this bucket to the bucket named `to`."""
        S3BucketLoggingA(
            self, "AccessLog", bucket=self._bucket, target_bucket=to, target_prefix=f"buckets/{self.name}/"
        )

    def _encrypt(self, key: EncryptionKey | None) -> S3BucketServerSideEncryptionConfigurationA:
        algorithm = S3BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultA(
            sse_algorithm="aws:kms" if key else "AES256", kms_master_key_id=key.arn if key else None
        )
        return S3BucketServerSideEncryptionConfigurationA(
            self,
            "Encryption",
            bucket=self._bucket,
            rule=[
                S3BucketServerSideEncryptionConfigurationRuleA(
                    apply_server_side_encryption_by_default=algorithm, bucket_key_enabled=True if key else None
                )
            ],
        )

    @cached_property
    def arn(self) -> str:
        """The bucket's ARN, which carries the dependency on the bucket."""
        return str(self._resource.arn)

    @property
    def deployed_name(self) -> str:
        """The bucket's name, which carries the dependency on the bucket."""
        return self._bucket

    @cached_property
    def regional_domain_name(self) -> str:
        """The domain name that CloudFront uses; without a region in it, S3 redirects at first."""
        return str(self._resource.bucket_regional_domain_name)

    def add_object(self, id_: str, *, key: str, content: str, content_type: str, cache_control: str) -> None:
        """Add an object whose content is a Terraform expression.

        A plan shows when somebody else has put other content there.
        """
        S3Object(
            self,
            id_,
            bucket=self._bucket,
            key=key,
            content=content,
            # The provider doesn't compare the content, and the ETag is its hash only with S3's own
            # key.
            metadata={CONTENT_HASH: Fn.sha256(content)},
            content_type=content_type,
            cache_control=cache_control,
            # Objects that exist before encryption is configured stay as they are.
            depends_on=[self._encryption],
        )

    def grant_serve(self, distribution_arn: str) -> None:
        """Let CloudFront read the objects for that distribution, and list the bucket.

        Without the right to list, S3 answers 403 for a missing object instead of 404.
        """
        cloudfront = {"Service": "cloudfront.amazonaws.com"}
        distribution: Conditions = {"StringEquals": {"AWS:SourceArn": distribution_arn}}
        serve = allow(
            ["s3:GetObject", "s3:ListBucket"],
            resources=[self.known_arn, f"{self.known_arn}/*"],
            principal=cloudfront,
            conditions=distribution,
        )
        if self._key:
            self._key.allow_service(
                allow(["kms:Decrypt"], resources=["*"], principal=cloudfront, conditions=distribution)
            )
        self._statements.append(serve)
        self._policy.policy = policy(*self._statements)

    def receive_access_logs(self, *, account: Account, buckets: Sequence[str], delivery_source: str) -> None:
        """Let S3 and CloudWatch Logs write logs of requests here.

        `buckets` are the ARNs of the buckets whose requests S3 logs. `delivery_source` is the name
        of the delivery source of the distribution's log.
        """
        own = {"aws:SourceAccount": account.id}
        source = arn("logs", f"delivery-source:{delivery_source}", account_id=account.id, region="us-east-1")
        of_buckets = allow(
            ["s3:PutObject"],
            resources=[f"{self.known_arn}/buckets/*"],
            principal={"Service": "logging.s3.amazonaws.com"},
            conditions={"ArnLike": {"aws:SourceArn": list(buckets)}, "StringEquals": own},
        )
        of_distribution = allow(
            ["s3:PutObject"],
            resources=[f"{self.known_arn}/AWSLogs/{account.id}/CloudFront/*"],
            principal={"Service": "delivery.logs.amazonaws.com"},
            conditions={
                "ArnLike": {"aws:SourceArn": source},
                "StringEquals": {**own, "s3:x-amz-acl": "bucket-owner-full-control"},
            },
        )
        self._statements += [of_buckets, of_distribution]
        self._policy.policy = policy(*self._statements)

    def grant_write(self, grantee: Grantee) -> list[IamRolePolicy]:
        """Let the grantee add objects and list the bucket.

        Lambda needs both for a failure destination.
        """
        objects = f"{self.known_arn}/*"
        return [
            grantee.allow(f"write-{self.node.id}", actions=["s3:PutObject"], resources=[objects]),
            grantee.allow(f"list-{self.node.id}", actions=["s3:ListBucket"], resources=[self.known_arn]),
            *self._allow_key_use(grantee),
        ]

    def _allow_key_use(self, grantee: Grantee) -> list[IamRolePolicy]:
        if self._key is None:
            return []
        return [self._key.grant_use(grantee, "GenerateDataKey", via="s3", before=[self._encryption])]
