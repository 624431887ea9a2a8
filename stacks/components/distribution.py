"""CloudFront distributions."""

from dataclasses import dataclass
from functools import cached_property

from cdktf_cdktf_provider_aws.cloudfront_distribution import (
    CloudfrontDistribution,
    CloudfrontDistributionDefaultCacheBehavior,
    CloudfrontDistributionDefaultCacheBehaviorFunctionAssociation,
    CloudfrontDistributionOrigin,
    CloudfrontDistributionRestrictions,
    CloudfrontDistributionRestrictionsGeoRestriction,
    CloudfrontDistributionViewerCertificate,
)
from cdktf_cdktf_provider_aws.cloudfront_origin_access_control import CloudfrontOriginAccessControl
from constructs import Construct

from stacks.components.bucket import Bucket
from stacks.components.edge_function import EdgeFunction
from stacks.components.firewall import Firewall
from stacks.components.security_headers import SecurityHeaders

# AWS's managed policy CachingOptimized: it caches as the origin's Cache-Control says (at most a
# year), compresses with Brotli and gzip, and forwards no cookies, query strings or headers.
CACHING_OPTIMIZED = "658327ea-f89d-4fab-a63d-7e88639e58f6"
METHODS = ["GET", "HEAD"]


@dataclass(frozen=True)
class Domain:
    """A domain name of the owner, and the ARN of its certificate.

    The certificate is in us-east-1, the only region in which CloudFront looks for it.
    """

    name: str
    certificate_arn: str


class Distribution(Construct):
    """A distribution that serves a private bucket over HTTPS; nobody else may read the bucket."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        bucket: Bucket,
        root_object: str,
        routes: EdgeFunction,
        headers: SecurityHeaders,
        domain: Domain | None = None,
        firewall: Firewall | None = None,
    ) -> None:
        """Create the distribution; each request passes `firewall`, then `routes`.

        Without a domain, it has an address and a certificate of CloudFront's.
        """
        super().__init__(scope, id_)
        access = CloudfrontOriginAccessControl(
            self,
            "Access",
            name=name,
            description=f"Signs what CloudFront asks of the bucket {bucket.name}",
            origin_access_control_origin_type="s3",
            signing_behavior="always",
            signing_protocol="sigv4",
        )
        behavior = CloudfrontDistributionDefaultCacheBehavior(
            target_origin_id="bucket",
            allowed_methods=METHODS,
            cached_methods=METHODS,
            cache_policy_id=CACHING_OPTIMIZED,
            compress=True,
            function_association=[
                CloudfrontDistributionDefaultCacheBehaviorFunctionAssociation(
                    event_type="viewer-request", function_arn=routes.arn
                )
            ],
            response_headers_policy_id=headers.id,
            viewer_protocol_policy="redirect-to-https",
        )
        origin = CloudfrontDistributionOrigin(
            origin_id="bucket", domain_name=bucket.regional_domain_name, origin_access_control_id=access.id
        )
        anywhere = CloudfrontDistributionRestrictionsGeoRestriction(restriction_type="none")
        self._domain = domain
        self._resource = CloudfrontDistribution(
            self,
            "Resource",
            comment=name,
            enabled=True,
            aliases=[domain.name] if domain else None,
            default_root_object=root_object,
            default_cache_behavior=behavior,
            http_version="http2and3",
            is_ipv6_enabled=True,
            origin=[origin],
            # The edges of Europe, North America and Israel: the cheapest class, and near the
            # settings' regions.
            price_class="PriceClass_100",
            restrictions=CloudfrontDistributionRestrictions(geo_restriction=anywhere),
            viewer_certificate=_certificate(domain),
            web_acl_id=firewall.arn if firewall else None,
            # A change reaches all edges minutes later; nothing in the same deployment depends on
            # that.
            wait_for_deployment=False,
        )
        bucket.grant_serve(self.arn)

    @cached_property
    def arn(self) -> str:
        """The distribution's ARN."""
        return str(self._resource.arn)

    @cached_property
    def id(self) -> str:
        """The distribution's id, by which it is invalidated."""
        return str(self._resource.id)

    @cached_property
    def url(self) -> str:
        """The address of the page for a browser."""
        return f"https://{self._domain.name if self._domain else self._resource.domain_name}"


def _certificate(domain: Domain | None) -> CloudfrontDistributionViewerCertificate:
    if domain is None:
        # AWS fixes the lowest TLS version of its own certificate (TLSv1), and ignores another one
        # here.
        return CloudfrontDistributionViewerCertificate(cloudfront_default_certificate=True)
    return CloudfrontDistributionViewerCertificate(
        acm_certificate_arn=domain.certificate_arn,
        minimum_protocol_version="TLSv1.2_2021",
        ssl_support_method="sni-only",
    )
