"""CloudFront's response headers policies."""

from collections.abc import Sequence

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
    """What a page's answers forbid: code and styles of others, frames, plain HTTP, guessed types, referrers."""

    def __init__(self, scope: Construct, id_: str, *, name: str, may_call: Sequence[str]) -> None:
        """`may_call` are the origins, besides its own, that the page's code may connect to."""
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

    @property
    def id(self) -> str:
        """The policy's id."""
        return str(self._resource.id)


def content_security_policy(may_call: Sequence[str]) -> str:
    """The page's own files and nothing inline; images may stand in its style sheets."""
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
            # Of this name only: other names below an owner's domain are none of the page's business.
            access_control_max_age_sec=TWO_YEARS_SECONDS,
            include_subdomains=False,
            override=True,
        ),
    )


def _header(name: str, value: str) -> CloudfrontResponseHeadersPolicyCustomHeadersConfigItems:
    return CloudfrontResponseHeadersPolicyCustomHeadersConfigItems(header=name, value=value, override=True)
