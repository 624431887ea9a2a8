"""The page of one environment: the bucket, the distribution, and the page's configuration."""

from functools import cached_property

from cdktf import DataTerraformRemoteStateS3, Fn, TerraformOutput
from cdktf_cdktf_provider_aws.provider import AwsProvider
from constructs import Construct

from environments.names import bucket_arn
from environments.settings import Settings
from stacks.components.access_log import AccessLog
from stacks.components.bucket import Bucket
from stacks.components.distribution import Distribution, Domain
from stacks.components.edge_function import EdgeFunction
from stacks.components.firewall import EDGE, EDGE_REGION, Firewall
from stacks.components.key import EncryptionKey
from stacks.components.security_headers import SecurityHeaders
from stacks.synth.environment_stack import EnvironmentStack
from stacks.synth.rendering import render_code

INDEX = "index.html"
CONFIGURATION = "config.json"
# Browser and CloudFront keep a copy, and ask each time if it is still the newest.
ALWAYS_ASK = "no-cache"
ORIGIN = "^[a-z]+://[^/]+"


class WebStack(EnvironmentStack):
    """A bucket, the distribution that serves it, and the page's configuration.

    `make web-deploy` uploads the page itself (deployment/page_delivery.py), so this stack needs no build of
    it.
    """

    def __init__(self, scope: Construct, id_: str, *, settings: Settings, orders_stack: str, routes: str) -> None:
        """Create the page for the API of `orders_stack`; `routes` is the edge function's code."""
        super().__init__(scope, id_, settings=settings)
        orders = self._read_outputs(orders_stack)
        graphql_url, realtime_url = orders.get_string("graphql_url"), orders.get_string("realtime_url")
        cognito = self._cognito(graphql_url)
        self.bucket = Bucket(
            self,
            "page",
            name=settings.names.bucket("web"),
            removal_protection=settings.removal_protection,
            key=self._page_key() if settings.customer_keys else None,
        )
        self.distribution = Distribution(
            self,
            "distribution",
            name=settings.name("web"),
            bucket=self.bucket,
            root_object=INDEX,
            routes=EdgeFunction(
                self,
                "routes",
                name=settings.name("web-routes"),
                comment="The index for the page's own addresses",
                code=render_code(routes, {"index": INDEX}),
            ),
            headers=SecurityHeaders(
                self,
                "headers",
                name=settings.name("web"),
                may_call=[_origin(graphql_url), _origin(realtime_url), cognito],
            ),
            domain=_domain(settings),
            firewall=self._firewall() if settings.firewall else None,
        )
        if settings.access_logs:
            self._log_access()
        self.bucket.add_object(
            "configuration",
            key=CONFIGURATION,
            content=self._configuration(orders, cognito),
            content_type="application/json",
            cache_control=ALWAYS_ASK,
        )
        self._add_outputs()

    def _page_key(self) -> EncryptionKey:
        settings = self._settings
        return EncryptionKey(
            self,
            "page-key",
            alias=settings.names.page_key_alias,
            description=f"Encrypts the page of {settings.environment}",
            account=self._account,
            removal_protection=settings.removal_protection,
        )

    def _firewall(self) -> Firewall:
        settings = self._settings
        return Firewall(
            self,
            "firewall",
            name=settings.name("web"),
            kind=EDGE,
            requests_per_address=settings.firewall_requests,
            provider=self._edge,
        )

    @cached_property
    def _edge(self) -> AwsProvider:
        """The provider for CloudFront's resources in us-east-1."""
        return self._use_provider("aws-edge", region=EDGE_REGION, alias="edge")

    def _log_access(self) -> None:
        names = self._settings.names
        self.bucket.log_access(to=names.access_logs)
        AccessLog(
            self,
            "access-log",
            name=names.name("web"),
            distribution_arn=self.distribution.arn,
            bucket_arn=bucket_arn(names.access_logs),
            provider=self._edge,
        )

    def _cognito(self, graphql_url: str) -> str:
        """Return the origin of Cognito's API; a custom endpoint has one origin for all services."""
        if self._settings.custom_endpoint:
            return _origin(graphql_url)
        return f"https://cognito-idp.{self._settings.region}.amazonaws.com"

    def _configuration(self, orders: DataTerraformRemoteStateS3, cognito: str) -> str:
        configuration = {
            "region": self._settings.region,
            "graphqlUrl": orders.get_string("graphql_url"),
            "realtimeUrl": orders.get_string("realtime_url"),
            "userPoolId": orders.get_string("user_pool_id"),
            "userPoolClientId": orders.get_string("user_pool_client_id"),
            "cognitoUrl": Fn.join("", [cognito, "/"]),
            "changeWindowSeconds": self._settings.change_window_seconds,
            "liveUpdates": self._settings.live_updates,
            "engineer": self._settings.engineer_view,
        }
        return str(Fn.jsonencode(configuration))

    def _add_outputs(self) -> None:
        outputs = {
            "web_url": self.distribution.url,
            "web_bucket": self.bucket.name,
            "web_distribution_id": self.distribution.id,
        }
        for name, value in outputs.items():
            TerraformOutput(self, name, value=value)


def _domain(settings: Settings) -> Domain | None:
    if settings.web_domain is None or settings.web_certificate_arn is None:
        return None
    return Domain(settings.web_domain, settings.web_certificate_arn)


def _origin(url: str) -> str:
    return str(Fn.regex(ORIGIN, url))
