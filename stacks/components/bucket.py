"""S3 buckets."""

from cdktf_cdktf_provider_aws.iam_role_policy import IamRolePolicy
from cdktf_cdktf_provider_aws.s3_bucket import S3Bucket
from cdktf_cdktf_provider_aws.s3_bucket_policy import S3BucketPolicy
from cdktf_cdktf_provider_aws.s3_bucket_public_access_block import S3BucketPublicAccessBlock
from cdktf_cdktf_provider_aws.s3_bucket_server_side_encryption_configuration import (
    S3BucketServerSideEncryptionConfigurationA,
    S3BucketServerSideEncryptionConfigurationRuleA,
    S3BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultA,
)
from constructs import Construct

from stacks.iam import Grantee, deny_plain_http, policy


class Bucket(Construct):
    """A private, encrypted bucket that is reached over TLS only."""

    def __init__(self, scope: Construct, id_: str, *, name: str, removal_protection: bool) -> None:
        super().__init__(scope, id_)
        self.known_arn = f"arn:aws:s3:::{name}"
        self._resource = S3Bucket(self, "Resource", bucket=name, force_destroy=not removal_protection)
        bucket = self._resource.bucket
        S3BucketPublicAccessBlock(
            self,
            "PublicAccessBlock",
            bucket=bucket,
            block_public_acls=True,
            block_public_policy=True,
            ignore_public_acls=True,
            restrict_public_buckets=True,
        )
        algorithm = S3BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultA(
            sse_algorithm="AES256"
        )
        S3BucketServerSideEncryptionConfigurationA(
            self,
            "Encryption",
            bucket=bucket,
            rule=[S3BucketServerSideEncryptionConfigurationRuleA(apply_server_side_encryption_by_default=algorithm)],
        )
        document = policy(deny_plain_http("s3", self.known_arn, f"{self.known_arn}/*"))
        S3BucketPolicy(self, "Policy", bucket=bucket, policy=document)

    @property
    def arn(self) -> str:
        """The bucket's ARN, which carries the dependency on the bucket."""
        return str(self._resource.arn)

    def grant_write(self, grantee: Grantee) -> IamRolePolicy:
        """Let the grantee add objects, and list the bucket, which Lambda asks of a failure destination."""
        return grantee.allow(
            f"write-{self.node.id}",
            actions=["s3:ListBucket", "s3:PutObject"],
            resources=[self.known_arn, f"{self.known_arn}/*"],
        )
