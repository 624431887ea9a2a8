"""A distribution that may list its bucket gets 404 for a missing object.

AWS: S3 answers 404 NoSuchKey for a missing object to whoever has s3:ListBucket on the bucket, and 403 AccessDenied to
others (S3 API reference, GetObject, Permissions).
MiniStack: CloudFront's origin access gets 403 in both cases.
"""

import functools
from typing import Any

from ministack.core.iam_evaluator import EvalContext, evaluate_resource_policy
from ministack.core.responses import get_account_id, get_region
from ministack.services import s3

from emulator.ministack.repairs.patching import AnyCallable, RepairContext, replace

SERVICE = "cloudfront.amazonaws.com"


def apply(_context: RepairContext) -> None:
    """Check the bucket's policy before a missing object is answered with 403."""
    replace(s3, "serve_cloudfront_origin_fetch", _telling_what_is_missing)


def _telling_what_is_missing(fetch: AnyCallable) -> AnyCallable:
    @functools.wraps(fetch)
    def fetched(bucket: str, key: str, method: str, headers: Any, source_arn: str = "", oai_id: str = "") -> Any:
        answer = fetch(bucket, key, method, headers, source_arn, oai_id)
        found = s3._ensure_bucket(bucket)
        if answer[0] == 403 and found is not None and key not in found["objects"] and _may_list(bucket, source_arn):
            return s3._error("NoSuchKey", "The specified key does not exist.", 404, f"/{bucket}/{key}")
        return answer

    return fetched


def _may_list(bucket: str, distribution_arn: str) -> bool:
    owner = s3._bucket_owner_account(bucket) or get_account_id()
    policy = s3._bucket_policies.get_scoped(owner, None, bucket)
    if not policy or not distribution_arn:
        return False
    asked = EvalContext(
        principal_arn="*",
        principal_type="Service",
        principal_account="",
        action="s3:ListBucket",
        resource_arn=f"arn:aws:s3:::{bucket}",
        region=get_region(),
        service_context={"aws:sourcearn": distribution_arn},
    )
    return bool(evaluate_resource_policy(policy, asked, service=SERVICE).decision == "Allow")
