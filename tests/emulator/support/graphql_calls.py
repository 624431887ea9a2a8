"""Calls a GraphQL endpoint as clients do."""

import json
from typing import Any

import httpx
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials


def post(url: str, query: str, variables: dict[str, Any] | None = None, *, token: str | None = None) -> httpx.Response:
    headers = {"authorization": token} if token else {}
    return httpx.post(url, json={"query": query, "variables": variables}, headers=headers, timeout=30)


def signed_post(url: str, query: str, key: tuple[str, str, str | None], *, service: str = "appsync") -> httpx.Response:
    body = json.dumps({"query": query}).encode()
    return send_signed(url, body, signed_headers(url, body, key, service=service))


def signed_headers(
    url: str, body: bytes, key: tuple[str, str, str | None], *, service: str = "appsync"
) -> dict[str, str]:
    request = AWSRequest(method="POST", url=url, data=body, headers={"Content-Type": "application/json"})
    SigV4Auth(Credentials(*key), service, "us-east-1").add_auth(request)
    return dict(request.headers.items())


def send_signed(url: str, body: bytes, headers: dict[str, str]) -> httpx.Response:
    return httpx.post(url, content=body, headers=headers, timeout=30)


def data_of(response: httpx.Response) -> Any:
    """Return the data of an answer without errors."""
    assert response.status_code == 200, response.text
    body = response.json()
    assert "errors" not in body, body["errors"]
    return body["data"]


def error_of(response: httpx.Response) -> dict[str, Any]:
    """Return the only error of an answer."""
    assert response.status_code == 200, response.text
    (error,) = response.json()["errors"]
    return dict(error)
