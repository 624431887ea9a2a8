"""The guard: clients that may not call the server, and calls that must be signed. With raw HTTP."""

import http.client
import json
from contextlib import closing
from typing import Any

import boto3
import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

from local.server_process import Server

JSON = {"Content-Type": "application/x-amz-json-1.0"}
LIST_TABLES = JSON | {"X-Amz-Target": "DynamoDB_20120810.ListTables"}


def send(
    server: Server, method: str, path: str, headers: dict[str, str] | None = None, body: str = ""
) -> tuple[int, dict[str, str], str]:
    """Send a request with exactly these headers (and a Host, unless one is given)."""
    with closing(http.client.HTTPConnection(server.endpoint_url.removeprefix("http://"), timeout=10)) as connection:
        connection.request(method, path, body, headers or {})
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read().decode()


def signed(server: Server, body: str = "{}", *, host: str = "", **changes: str) -> dict[str, str]:
    """Return the headers of a signed ListTables, for another host or key if given."""
    pair = {"access_key": server.access_key_id, "secret_key": server.secret_access_key} | changes
    headers = LIST_TABLES | ({"Host": host} if host else {})
    request = AWSRequest("POST", server.endpoint_url + "/", headers=headers, data=body)
    SigV4Auth(Credentials(**pair), "dynamodb", server.region).add_auth(request)
    return dict(request.headers)


def test_a_signed_call_is_served(emulator: Server) -> None:
    status, _, body = send(emulator, "POST", "/", signed(emulator), "{}")

    assert (status, list(json.loads(body))) == (200, ["TableNames"])


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:{port}", "127.0.0.1", "127.0.0.1:1", "localhost.evil:{port}"]
)
def test_a_foreign_host_is_refused(emulator: Server, host: str) -> None:
    port = emulator.endpoint_url.rsplit(":", 1)[1]

    status, _, body = send(emulator, "GET", "/_local/health", {"Host": host.format(port=port)})

    assert status == 403
    assert "not to the host" in body


def test_a_signed_call_may_come_through_another_port_of_this_machine(emulator: Server) -> None:
    status, _, body = send(emulator, "POST", "/", signed(emulator, host="127.0.0.1:1"), "{}")

    assert (status, list(json.loads(body))) == (200, ["TableNames"])


def test_a_signature_for_another_port_is_checked_all_the_same(emulator: Server) -> None:
    forged = signed(emulator, host="127.0.0.1:1", secret_key="somebody else's")

    status, _, body = send(emulator, "POST", "/", forged, "{}")

    assert status == 400
    assert "InvalidSignatureException" in body


@pytest.mark.parametrize("host", ["evil.example", "evil.example:4566", "127.0.0.1", "localhost.evil:1"])
def test_a_signed_call_to_a_foreign_host_is_refused(emulator: Server, host: str) -> None:
    status, _, body = send(emulator, "POST", "/", signed(emulator, host=host), "{}")

    assert status == 403
    assert "not to the host" in body


@pytest.mark.parametrize("origin", ["https://evil.example", "http://localhost:3000", "null", "http://127.0.0.1:1"])
def test_a_foreign_origin_is_refused_even_with_a_valid_signature(emulator: Server, origin: str) -> None:
    status, _, body = send(emulator, "POST", "/", signed(emulator) | {"Origin": origin}, "{}")

    assert status == 403
    assert "may not call" in body


def test_a_request_that_a_browser_marks_as_cross_site_is_refused(emulator: Server) -> None:
    status, _, _ = send(emulator, "GET", "/_local/health", {"Sec-Fetch-Site": "cross-site"})

    assert status == 403


@pytest.mark.parametrize("content_type", ["text/plain", "text/plain;charset=UTF-8", "multipart/form-data", None])
@pytest.mark.parametrize("path", ["/", "/2015-03-31/functions", "/appsync/any/graphql"])
def test_a_post_that_any_page_could_send_is_refused(emulator: Server, path: str, content_type: str | None) -> None:
    headers = {"Content-Type": content_type} if content_type else {}

    status, _, body = send(emulator, "POST", path, headers, "{}")

    assert status == 403
    assert "a form can't send" in body


def test_a_preflight_gets_no_leave(emulator: Server) -> None:
    asked = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}

    status, headers, _ = send(emulator, "OPTIONS", "/", asked)

    assert status == 403
    assert not [name for name in headers if name.startswith("access-control-")]


def test_answers_carry_no_leave_for_web_pages(emulator: Server) -> None:
    _, headers, _ = send(emulator, "POST", "/", signed(emulator), "{}")

    assert not [name for name in headers if name.startswith("access-control-")]


@pytest.mark.parametrize(
    "path",
    ["/_ministack/reset", "/_ministack/config", "/_localstack/health", "/_aws/sqs/messages", "/_alb/x", "/health"],
)
def test_administration_is_closed_even_to_the_administrator(emulator: Server, path: str) -> None:
    status, _, body = send(emulator, "POST", path, signed(emulator), "{}")

    assert status == 403
    assert "administration" in body


CALLS: list[tuple[str, str, dict[str, Any]]] = [
    ("appsync", "list_graphql_apis", {}),
    ("cloudwatch", "describe_alarms", {}),
    ("cognito-idp", "list_user_pools", {"MaxResults": 1}),
    ("dynamodb", "list_tables", {}),
    ("iam", "list_roles", {}),
    ("lambda", "list_functions", {}),
    ("logs", "describe_log_groups", {}),
    ("s3", "list_buckets", {}),
    ("scheduler", "list_schedules", {}),
    ("sns", "list_topics", {}),
    ("sqs", "list_queues", {}),
    ("stepfunctions", "list_state_machines", {}),
    ("sts", "get_caller_identity", {}),
]
UNKNOWN = {"InvalidAccessKeyId", "InvalidClientTokenId", "UnrecognizedClientException"}
WRONG = {"InvalidSignatureException", "SignatureDoesNotMatch"}


@pytest.mark.parametrize("key", ["test", "000000000000", "123456789012", "AKIAIOSFODNN7EXAMPLE"])
@pytest.mark.parametrize(("service", "operation", "arguments"), CALLS, ids=[call[0] for call in CALLS])
def test_a_key_that_nobody_issued_is_unknown_to_every_service(
    emulator: Server, service: str, operation: str, arguments: dict[str, Any], key: str
) -> None:
    client = emulator.client(service, aws_access_key_id=key, aws_secret_access_key="test")

    with pytest.raises(ClientError) as refused:
        getattr(client, operation)(**arguments)

    assert refused.value.response["Error"]["Code"] in UNKNOWN


@pytest.mark.parametrize(("service", "operation", "arguments"), CALLS, ids=[call[0] for call in CALLS])
def test_the_right_key_with_a_wrong_secret_is_refused_by_every_service(
    emulator: Server, service: str, operation: str, arguments: dict[str, Any]
) -> None:
    client = emulator.client(service, aws_access_key_id=emulator.access_key_id, aws_secret_access_key="x" * 40)

    with pytest.raises(ClientError) as refused:
        getattr(client, operation)(**arguments)

    assert refused.value.response["Error"]["Code"] in WRONG


def test_a_signature_of_another_body_is_refused(emulator: Server) -> None:
    status, _, body = send(emulator, "POST", "/", signed(emulator), '{"Limit": 1}')

    assert (status, json.loads(body)["__type"].rsplit("#")[-1]) == (400, "InvalidSignatureException")


def test_a_body_that_its_own_header_contradicts_is_refused(emulator: Server) -> None:
    emulator.client("s3").create_bucket(Bucket="guarded-bodies")
    url = f"{emulator.endpoint_url}/guarded-bodies/key"
    request = AWSRequest("PUT", url, headers={"X-Amz-Content-SHA256": "0" * 64}, data="body")
    pair = Credentials(emulator.access_key_id, emulator.secret_access_key)
    SigV4Auth(pair, "s3", emulator.region).add_auth(request)

    status, _, body = send(emulator, "PUT", "/guarded-bodies/key", dict(request.headers), "body")

    assert status in (400, 403)
    assert "XAmzContentSHA256Mismatch" in body


def test_an_unsigned_call_lacks_its_token(emulator: Server) -> None:
    status, _, body = send(emulator, "POST", "/", LIST_TABLES, "{}")

    assert (status, json.loads(body)["__type"].rsplit("#")[-1]) == (400, "MissingAuthenticationTokenException")


@pytest.mark.parametrize("authorization", ["Bearer x", "Basic eDp4", "AWS4-HMAC-SHA256", "AWS test:x", "x"])
def test_an_authorization_of_another_kind_is_no_signature(emulator: Server, authorization: str) -> None:
    status, _, _ = send(emulator, "POST", "/", LIST_TABLES | {"Authorization": authorization}, "{}")

    assert status in (400, 403)


def test_a_bucket_is_not_readable_without_a_signature(emulator: Server) -> None:
    emulator.client("s3").create_bucket(Bucket="guarded-reads")
    emulator.client("s3").put_object(Bucket="guarded-reads", Key="key", Body=b"secret")

    status, _, body = send(emulator, "GET", "/guarded-reads/key")

    assert (status, "secret" in body) == (403, False)


@pytest.mark.parametrize("version", [None, "s3v4"])
def test_a_presigned_url_opens_one_object_for_a_while(emulator: Server, version: str | None) -> None:
    client = presigning_client(emulator, version)
    client.create_bucket(Bucket="presigned-objects")
    client.put_object(Bucket="presigned-objects", Key="a b", Body=b"content")
    url = client.generate_presigned_url("get_object", {"Bucket": "presigned-objects", "Key": "a b"}, ExpiresIn=60)
    path = url.removeprefix(emulator.endpoint_url)

    opened, changed = send(emulator, "GET", path), send(emulator, "GET", path.replace("a%20b", "other"))

    assert (opened[0], opened[2]) == (200, "content")
    assert changed[0] == 403


@pytest.mark.parametrize("version", [None, "s3v4"])
@pytest.mark.parametrize(
    ("operation", "of_object"),
    [
        ("get_bucket_location", {}),
        ("list_objects_v2", {"Prefix": "a b"}),
        ("get_object_tagging", {"Key": "a b+c/é"}),
    ],
)
def test_a_presigned_url_names_whatever_s3_has(
    emulator: Server, version: str | None, operation: str, of_object: dict[str, str]
) -> None:
    client = presigning_client(emulator, version)
    client.create_bucket(Bucket="presigned-parts")
    client.put_object(Bucket="presigned-parts", Key="a b+c/é", Body=b"content")

    url = client.generate_presigned_url(operation, {"Bucket": "presigned-parts", **of_object})

    assert send(emulator, "GET", url.removeprefix(emulator.endpoint_url))[0] == 200


@pytest.mark.parametrize("version", [None, "s3v4"])
def test_a_presigned_url_of_an_unknown_key_opens_nothing(emulator: Server, version: str | None) -> None:
    url = presigning_client(emulator, version, key="test").generate_presigned_url("list_buckets")

    status, _, _ = send(emulator, "GET", url.removeprefix(emulator.endpoint_url))

    assert status == 403


def presigning_client(server: Server, version: str | None, key: str | None = None) -> Any:
    """Return a client that signs URLs by boto3's default (version 2) or by the given version."""
    return boto3.client(
        "s3",
        endpoint_url=server.endpoint_url,
        region_name=server.region,
        aws_access_key_id=key or server.access_key_id,
        aws_secret_access_key=server.secret_access_key,
        config=Config(signature_version=version),
    )


def test_cognito_answers_its_public_calls_without_a_signature(emulator: Server) -> None:
    headers = {"Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": "AWSCognitoIdentityProviderService."}
    body = json.dumps({"ClientId": "unknown", "AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": {"USERNAME": "x"}})

    public = send(emulator, "POST", "/", {**headers, "X-Amz-Target": headers["X-Amz-Target"] + "InitiateAuth"}, body)
    private = send(emulator, "POST", "/", {**headers, "X-Amz-Target": headers["X-Amz-Target"] + "ListUserPools"}, "{}")

    assert json.loads(public[2])["__type"].rsplit("#")[-1] not in (
        "MissingAuthenticationTokenException",
        "InternalError",
    )
    assert json.loads(private[2])["__type"].rsplit("#")[-1] == "MissingAuthenticationTokenException"


def test_a_pools_keys_are_public(emulator: Server) -> None:
    pool = emulator.client("cognito-idp").create_user_pool(PoolName="guarded")["UserPool"]["Id"]

    status, _, body = send(emulator, "GET", f"/{pool}/.well-known/jwks.json")

    assert (status, list(json.loads(body))) == (200, ["keys"])


def test_another_services_call_does_not_pass_for_reading_a_pools_keys(emulator: Server) -> None:
    pool = emulator.client("cognito-idp").create_user_pool(PoolName="guarded")["UserPool"]["Id"]

    status, _, body = send(emulator, "GET", f"/{pool}/.well-known/jwks.json", LIST_TABLES)

    assert (status, json.loads(body)["__type"].rsplit("#")[-1]) == (400, "MissingAuthenticationTokenException")


def test_a_header_that_is_there_twice_is_refused(emulator: Server) -> None:
    with closing(http.client.HTTPConnection(emulator.endpoint_url.removeprefix("http://"), timeout=10)) as connection:
        connection.putrequest("POST", "/")
        for name, value in signed(emulator).items():
            connection.putheader(name, value)
        connection.putheader("X-Amz-Target", "DynamoDB_20120810.DeleteTable")
        connection.putheader("Content-Length", "2")

        connection.endheaders(b"{}")
        answer = connection.getresponse()

        assert answer.status == 400
        assert b"x-amz-target" in answer.read()
