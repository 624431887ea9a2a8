"""A server with a page: a private bucket and a distribution, as the web stack deploys them."""

import http.client
import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from deployment.local_outputs import write_outputs
from deployment.repository_paths import ROOT
from local.server_process import Server, free_port, start_server

BUCKET = "the-page"
# Sends every request below /routed/ to the index.
ROUTES = """
function handler(event) {
    if (event.request.uri.startsWith('/routed/')) event.request.uri = '/index.html';
    return event.request;
}
"""
CSP = "default-src 'self'; frame-ancestors 'none'"
OBJECTS = {
    "index.html": ("text/html", "no-cache", "<h1>Order desk</h1>"),
    "missing.html": ("text/html", "no-cache", "<h1>Not here</h1>"),
    "config.json": ("application/json", "no-cache", '{"region": "us-east-1"}'),
    "assets/app-1a2b.js": ("text/javascript", "public, max-age=31536000, immutable", "start()"),
}


class Browser:
    """Sends requests with exactly the given headers (and a Host, unless one is given)."""

    def __init__(self, server: Server, directory: Path) -> None:
        self.server = server
        self.directory = directory
        self.host = server.endpoint_url.removeprefix("http://")

    def ask(
        self, path: str, headers: dict[str, str] | None = None, *, method: str = "GET", body: str = ""
    ) -> tuple[int, dict[str, str], str]:
        with closing(http.client.HTTPConnection(self.host, timeout=10)) as connection:
            connection.request(method, path, body or None, headers or {})
            answer = connection.getresponse()
            return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read().decode()


@pytest.fixture(scope="session")
def bare_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A server to which nothing is deployed."""
    directory = tmp_path_factory.mktemp("page")
    with pytest.MonkeyPatch.context() as machine:
        machine.setenv("PATH", str(directory))  # there is no Node.js
        server = start_server(port=free_port(), directory=directory, root=ROOT, log=directory / "server.log")
    try:
        yield Browser(server, directory)
    finally:
        server.stop()


@pytest.fixture(scope="session")
def browser(bare_server: Browser) -> Browser:
    """A server whose run has a page."""
    put_page(bare_server)
    return bare_server


def put_page(browser: Browser) -> None:
    """Deploy the page to a server, and name it in the run's outputs."""
    server = browser.server
    s3 = server.client("s3")
    s3.create_bucket(Bucket=BUCKET)
    for key, (content_type, cache_control, text) in OBJECTS.items():
        s3.put_object(Bucket=BUCKET, Key=key, Body=text.encode(), ContentType=content_type, CacheControl=cache_control)
    distribution = make_distribution(server)
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "cloudfront.amazonaws.com"},
        "Action": "s3:GetObject",
        "Resource": f"arn:aws:s3:::{BUCKET}/*",
        "Condition": {"StringEquals": {"AWS:SourceArn": distribution["ARN"]}},
    }
    s3.put_bucket_policy(Bucket=BUCKET, Policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]}))
    write_outputs(
        browser.directory,
        {
            **server.account,
            "web_url": f"{server.endpoint_url}/",
            "web_bucket": BUCKET,
            "web_distribution_id": distribution["Id"],
        },
    )


def make_distribution(server: Server) -> dict[str, Any]:
    cloudfront = server.client("cloudfront")
    policy = cloudfront.create_response_headers_policy(
        ResponseHeadersPolicyConfig={
            "Name": "page",
            "SecurityHeadersConfig": {
                "ContentSecurityPolicy": {"Override": True, "ContentSecurityPolicy": CSP},
                "ContentTypeOptions": {"Override": True},
            },
        }
    )["ResponseHeadersPolicy"]["Id"]
    control = cloudfront.create_origin_access_control(
        OriginAccessControlConfig={
            "Name": "page",
            "SigningProtocol": "sigv4",
            "SigningBehavior": "always",
            "OriginAccessControlOriginType": "s3",
        }
    )["OriginAccessControl"]["Id"]
    routes = cloudfront.create_function(
        Name="routes",
        FunctionConfig={"Comment": "", "Runtime": "cloudfront-js-2.0"},
        FunctionCode=ROUTES.encode(),
    )
    cloudfront.publish_function(Name="routes", IfMatch=routes["ETag"])
    function = {
        "FunctionARN": routes["FunctionSummary"]["FunctionMetadata"]["FunctionARN"],
        "EventType": "viewer-request",
    }
    answer = cloudfront.create_distribution(
        DistributionConfig={
            "CallerReference": "page",
            "Comment": "",
            "Enabled": True,
            "DefaultRootObject": "index.html",
            "Origins": {
                "Quantity": 1,
                "Items": [
                    {
                        "Id": "bucket",
                        "DomainName": f"{BUCKET}.s3.{server.region}.amazonaws.com",
                        "S3OriginConfig": {"OriginAccessIdentity": ""},
                        "OriginAccessControlId": control,
                    }
                ],
            },
            "DefaultCacheBehavior": {
                "TargetOriginId": "bucket",
                "ViewerProtocolPolicy": "redirect-to-https",
                "AllowedMethods": {"Quantity": 2, "Items": ["GET", "HEAD"]},
                "CachePolicyId": "658327ea-f89d-4fab-a63d-7e88639e58f6",
                "ResponseHeadersPolicyId": policy,
                "FunctionAssociations": {"Quantity": 1, "Items": [function]},
            },
            "CustomErrorResponses": {
                "Quantity": 1,
                "Items": [{"ErrorCode": 403, "ResponsePagePath": "/missing.html", "ResponseCode": "404"}],
            },
        }
    )
    return dict(answer["Distribution"])
