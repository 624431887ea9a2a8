"""CloudFront functions."""

from functools import cached_property

from cdktf_cdktf_provider_aws.cloudfront_function import CloudfrontFunction
from constructs import Construct


class EdgeFunction(Construct):
    """JavaScript that CloudFront runs at its edges, before it looks in its cache."""

    def __init__(self, scope: Construct, id_: str, *, name: str, comment: str, code: str) -> None:
        """Create and publish the function; `code` must be rendered for Terraform already."""
        super().__init__(scope, id_)
        self._resource = CloudfrontFunction(
            self, "Resource", name=name, comment=comment, runtime="cloudfront-js-2.0", code=code, publish=True
        )

    @cached_property
    def arn(self) -> str:
        """The function's ARN."""
        return str(self._resource.arn)
