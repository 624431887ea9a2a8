"""CloudFront's response headers policies."""

from collections.abc import Sequence
from functools import cached_property

from cdktf_cdktf_provider_aws.cloudfront_response_headers_policy import (
    CloudfrontResponseHeadersPolicy,
    CloudfrontResponseHeadersPolicyCustomHeadersConfig,
    CloudfrontResponseHeadersPolicyCustomHeadersConfigItems,
    CloudfrontResponseHeadersPolicySecurityHeadersConfig,
    CloudfrontResponseHeadersPolicySecurityHeadersConfigContentSecurityPolicy,
    CloudfrontResponseHeadersPolicySecurityHeadersConfigContentTypeOptions,
    CloudfrontResponseHeadersPolicySecurityHeadersConfigFrameOptions,
    CloudfrontResponseHeadersPolicySecurityHeadersConfigReferrerPolicy,
    CloudfrontResponseHeadersPolicySecurityHeadersConfigStrictTransportSecurity,
)
from constructs import Construct

TWO_YEARS_SECONDS = 2 * 365 * 24 * 60 * 60
UNUSED_FEATURES = ("camera", "display-capture", "geolocation", "microphone", "payment", "usb")


class SecurityHeaders(Construct):
    """The headers that forbid foreign code, framing, plain HTTP, guessed types and referrers."""

    def __init__(self, scope: Construct, id_: str, *, name: str, may_call: Sequence[str]) -> None:
        """Create the policy; `may_call` are the origins that the page may call besides its own."""
        super().__init__(scope, id_)
        self._resource = CloudfrontResponseHeadersPolicy(
            self,
            "Resource",
            name=name,
            security_headers_config=_security(content_security_policy(may_call)),
            custom_headers_config=CloudfrontResponseHeadersPolicyCustomHeadersConfig(
                items=[
                    _header("Cross-Origin-Opener-Policy", "same-origin"),
                    _header("Permissions-Policy", ", ".join(f"{feature}=()" for feature in UNUSED_FEATURES)),
                ]
            ),
        )

    @cached_property
    def id(self) -> str:
        """The policy's id."""
        return str(self._resource.id)


def content_security_policy(may_call: Sequence[str]) -> str:
    """Build the policy that allows the page's own files only, and nothing inline.

    Images may also be data URLs, for those in style sheets.
    """
    directives = {
        "default-src": "'self'",
        "base-uri": "'none'",
        "connect-src": " ".join(["'self'", *may_call]),
        "form-action": "'self'",
        "frame-ancestors": "'none'",
        "img-src": "'self' data:",
        "object-src": "'none'",
    }
    return "; ".join(f"{name} {sources}" for name, sources in directives.items())


def _security(csp: str) -> CloudfrontResponseHeadersPolicySecurityHeadersConfig:
    return CloudfrontResponseHeadersPolicySecurityHeadersConfig(
        content_security_policy=CloudfrontResponseHeadersPolicySecurityHeadersConfigContentSecurityPolicy(
            content_security_policy=csp, override=True
        ),
        content_type_options=CloudfrontResponseHeadersPolicySecurityHeadersConfigContentTypeOptions(override=True),
        frame_options=CloudfrontResponseHeadersPolicySecurityHeadersConfigFrameOptions(
            frame_option="DENY", override=True
        ),
        referrer_policy=CloudfrontResponseHeadersPolicySecurityHeadersConfigReferrerPolicy(
            referrer_policy="no-referrer", override=True
        ),
        strict_transport_security=CloudfrontResponseHeadersPolicySecurityHeadersConfigStrictTransportSecurity(
            # For this name only: the page doesn't decide for other names below the owner's domain.
            access_control_max_age_sec=TWO_YEARS_SECONDS,
            include_subdomains=False,
            override=True,
        ),
    )


def _header(name: str, value: str) -> CloudfrontResponseHeadersPolicyCustomHeadersConfigItems:
    return CloudfrontResponseHeadersPolicyCustomHeadersConfigItems(header=name, value=value, override=True)
