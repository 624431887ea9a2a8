"""Calls that are signed with a key, as AWS's own programs make them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from deployment.loopback_without_proxy import proxies_for


@dataclass(frozen=True)
class AccessKey:
    """An access key, and the user or the session of a role that it belongs to."""

    access_key_id: str
    secret_access_key: str
    user: str = ""
    session_token: str | None = None


def signed_post(outputs: Mapping[str, Any], key: AccessKey, query: str, variables: Mapping[str, Any]) -> dict[str, Any]:
    """Run a GraphQL document as an IAM principal; the whole answer."""
    answer: dict[str, Any] = signed_answer(outputs, key, query, variables).json()
    return answer


def signed_answer(
    outputs: Mapping[str, Any], key: AccessKey, query: str, variables: Mapping[str, Any]
) -> httpx.Response:
    """Run a GraphQL document as an IAM principal; the answer as it came, its status too."""
    url, body = outputs["graphql_url"], json.dumps({"query": query, "variables": variables})
    request = AWSRequest("POST", url, headers={"content-type": "application/json"}, data=body)
    credentials = Credentials(key.access_key_id, key.secret_access_key, key.session_token)
    SigV4Auth(credentials, "appsync", outputs["region"]).add_auth(request)
    headers, is_far = dict(request.headers.items()), proxies_for(url) is None
    return httpx.post(url, content=body, headers=headers, timeout=30, trust_env=is_far)
