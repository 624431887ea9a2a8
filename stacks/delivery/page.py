"""Permissions to deliver the page's stack: the bucket, its objects, and CloudFront's resources."""

from stacks.delivery.deploying import emptying, writing_policies
from stacks.delivery.planning import BUCKET_READS
from stacks.delivery.scope import Scope, actions, removal
from stacks.iam import Statement, allow


def reading_page(scope: Scope) -> list[Statement]:
    """Return the permissions to plan the stack, and to compare the page's files with a build."""
    return [
        allow(BUCKET_READS, resources=[scope.page_bucket]),
        # Anybody may read the page.
        allow(["s3:GetObject"], resources=[f"{scope.page_bucket}/*"]),
        allow(["s3:GetObjectTagging"], resources=[f"{scope.page_bucket}/config.json"]),
        allow(actions("cloudfront", "DescribeFunction GetFunction"), resources=[scope.edge(f"function/{scope.names}")]),
        allow(
            actions("cloudfront", "GetDistribution ListTagsForResource"),
            resources=[scope.edge("distribution/*")],
            conditions=scope.tagged("aws:ResourceTag"),
        ),
        # Neither has tags, and CloudFront chooses their ids.
        allow(
            actions("cloudfront", "GetOriginAccessControl GetResponseHeadersPolicy"),
            resources=[scope.edge("origin-access-control/*"), scope.edge("response-headers-policy/*")],
        ),
    ]


def writing_page(scope: Scope) -> list[Statement]:
    """Return the permissions to deploy the stack, and to upload the page's files."""
    distributions = [scope.edge("distribution/*")]
    return [
        allow(
            [
                *actions("s3", "CreateBucket PutBucketLogging PutBucketPublicAccessBlock PutBucketTagging"),
                "s3:PutEncryptionConfiguration",
                *removal(scope, "s3:DeleteBucket"),
                *writing_policies(scope),
            ],
            resources=[scope.page_bucket],
        ),
        *emptying(scope, scope.page_bucket),
        allow(actions("s3", "PutObject PutObjectTagging"), resources=[f"{scope.page_bucket}/*"]),
        allow(["s3:DeleteObject"], resources=[f"{scope.page_bucket}/config.json"]),
        allow(
            actions("cloudfront", "DeleteFunction PublishFunction UpdateFunction"),
            resources=[scope.edge(f"function/{scope.names}")],
        ),
        # IAM has no narrower resource for what doesn't exist yet, not even a function's name.
        allow(
            actions(
                "cloudfront",
                "CreateDistribution CreateFunction CreateOriginAccessControl CreateResponseHeadersPolicy",
            ),
            resources=["*"],
        ),
        allow(["cloudfront:TagResource"], resources=distributions, conditions=scope.tagging()),
        allow(
            actions("cloudfront", "CreateInvalidation DeleteDistribution UntagResource UpdateDistribution"),
            resources=distributions,
            conditions=scope.tagged("aws:ResourceTag"),
        ),
        allow(
            actions("cloudfront", "DeleteOriginAccessControl UpdateOriginAccessControl"),
            resources=[scope.edge("origin-access-control/*")],
        ),
        allow(
            actions("cloudfront", "DeleteResponseHeadersPolicy UpdateResponseHeadersPolicy"),
            resources=[scope.edge("response-headers-policy/*")],
        ),
    ]
