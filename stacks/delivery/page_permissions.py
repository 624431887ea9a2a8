"""Permissions to deliver the page's stack: the bucket, its objects, and CloudFront's resources."""

from stacks.delivery.deploy_permissions import bucket_policy_actions, empty_bucket
from stacks.delivery.environment_resources import Scope, actions, unless_protected
from stacks.delivery.plan_permissions import BUCKET_READS
from stacks.iam import Statement, allow


def read_page(scope: Scope) -> list[Statement]:
    """Return the permissions to plan the stack, and to compare the page's files with a build."""
    return [
        allow(BUCKET_READS, resources=[scope.page_bucket]),
        # Anybody may read the page.
        allow(["s3:GetObject"], resources=[f"{scope.page_bucket}/*"]),
        allow(["s3:GetObjectTagging"], resources=[f"{scope.page_bucket}/config.json"]),
        allow(
            actions("cloudfront", "DescribeFunction GetFunction"),
            resources=[scope.cloudfront_arn(f"function/{scope.names}")],
        ),
        allow(
            actions("cloudfront", "GetDistribution ListTagsForResource"),
            resources=[scope.cloudfront_arn("distribution/*")],
            conditions=scope.if_tagged("aws:ResourceTag"),
        ),
        # Neither has tags, and CloudFront chooses their ids.
        allow(
            actions("cloudfront", "GetOriginAccessControl GetResponseHeadersPolicy"),
            resources=[
                scope.cloudfront_arn("origin-access-control/*"),
                scope.cloudfront_arn("response-headers-policy/*"),
            ],
        ),
    ]


def write_page(scope: Scope) -> list[Statement]:
    """Return the permissions to deploy the stack, and to upload the page's files."""
    distributions = [scope.cloudfront_arn("distribution/*")]
    return [
        allow(
            [
                *actions("s3", "CreateBucket PutBucketPublicAccessBlock PutBucketTagging"),
                *unless_protected(scope, "s3:DeleteBucket", "s3:PutBucketLogging", "s3:PutEncryptionConfiguration"),
                *bucket_policy_actions(scope),
            ],
            resources=[scope.page_bucket],
        ),
        *empty_bucket(scope, scope.page_bucket),
        allow(actions("s3", "PutObject PutObjectTagging"), resources=[f"{scope.page_bucket}/*"]),
        allow(["s3:DeleteObject"], resources=[f"{scope.page_bucket}/config.json"]),
        allow(
            actions("cloudfront", "DeleteFunction PublishFunction UpdateFunction"),
            resources=[scope.cloudfront_arn(f"function/{scope.names}")],
        ),
        # IAM has no narrower resource for what doesn't exist yet, not even a function's name.
        allow(
            actions(
                "cloudfront",
                "CreateDistribution CreateFunction CreateOriginAccessControl CreateResponseHeadersPolicy",
            ),
            resources=["*"],
        ),
        allow(["cloudfront:TagResource"], resources=distributions, conditions=scope.if_tagging()),
        allow(
            actions("cloudfront", "CreateInvalidation DeleteDistribution UntagResource UpdateDistribution"),
            resources=distributions,
            conditions=scope.if_tagged("aws:ResourceTag"),
        ),
        allow(
            actions("cloudfront", "DeleteOriginAccessControl UpdateOriginAccessControl"),
            resources=[scope.cloudfront_arn("origin-access-control/*")],
        ),
        allow(
            actions("cloudfront", "DeleteResponseHeadersPolicy UpdateResponseHeadersPolicy"),
            resources=[scope.cloudfront_arn("response-headers-policy/*")],
        ),
    ]
