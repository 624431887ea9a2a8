"""The guard of a running server: real clients are served, and a changed request is refused."""

import http.client
import json
from contextlib import closing
from typing import Any
from urllib.parse import urlsplit

import boto3
import pytest
from botocore import auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials

from local.server_process import Server

BUCKET = "signed-calls"
Answer = tuple[int, str]


def send(server: Server, method: str, url: str, headers: dict[str, str] | None = None, body: bytes = b"") -> Answer:
    """Send a request with exactly these headers to a URL of the server."""
    parts = urlsplit(url)
    with closing(http.client.HTTPConnection(parts.netloc, timeout=10)) as connection:
        connection.request(method, url.removeprefix(f"http://{parts.netloc}"), body, headers or {})
        answer = connection.getresponse()
        return answer.status, answer.read().decode()


def s3_of(server: Server, version: str | None = None, **more: Any) -> Any:
    return boto3.client(
        "s3",
        endpoint_url=server.endpoint_url,
        region_name=server.region,
        aws_access_key_id=server.access_key_id,
        aws_secret_access_key=server.secret_access_key,
        config=Config(signature_version=version, **more),
    )


@pytest.fixture(scope="module", autouse=True)
def stored(emulator: Server) -> None:
    client = emulator.client("s3")
    client.create_bucket(Bucket=BUCKET)
    client.put_object(Bucket=BUCKET, Key="key", Body=b"content")
    client.put_object(Bucket=BUCKET, Key="secret", Body=b"secret")


@pytest.fixture
def tables(emulator: Server) -> list[str]:
    """The existing tables. A call that gets through the guard would make another one."""
    return list(emulator.client("dynamodb").list_tables()["TableNames"])


CREATE_TABLE = json.dumps(
    {
        "TableName": "stolen",
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
        "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
        "BillingMode": "PAY_PER_REQUEST",
    }
).encode()
TARGET = {"X-Amz-Target": "DynamoDB_20120810.CreateTable", "Content-Type": "application/x-amz-json-1.0"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.mark.parametrize("version", [None, "s3v4"])
@pytest.mark.parametrize("operation", ["get_object", "put_object", "list_objects_v2", "list_buckets"])
def test_a_presigned_url_of_s3_makes_no_table(
    emulator: Server, tables: list[str], version: str | None, operation: str
) -> None:
    arguments = {"Bucket": BUCKET} if operation != "list_buckets" else {}
    arguments |= {"Key": "key"} if operation.endswith("_object") else {}
    url = s3_of(emulator, version).generate_presigned_url(operation, arguments)
    method = "PUT" if operation == "put_object" else "GET"

    status, _ = send(emulator, method, url, TARGET, CREATE_TABLE)

    assert status in (400, 403)
    assert emulator.client("dynamodb").list_tables()["TableNames"] == tables


@pytest.mark.parametrize("version", [None, "s3v4"])
@pytest.mark.parametrize(
    "added",
    [
        "Action=CreateQueue&QueueName=stolen",
        "x-amz-copy-source=%2Fsigned-calls%2Fsecret",
        "X-Amz-Credential=x",
        "%ff=%00",
    ],
)
def test_nothing_is_added_to_a_presigned_url(emulator: Server, version: str | None, added: str) -> None:
    url = s3_of(emulator, version).generate_presigned_url("put_object", {"Bucket": BUCKET, "Key": "target"})

    status, _ = send(emulator, "PUT", f"{url}&{added}", {}, b"mine")

    queues = emulator.client("sqs").list_queues(QueueNamePrefix="stolen").get("QueueUrls", [])
    assert (status in (400, 403), queues) == (True, []) or (version is None and added == "%ff=%00")


@pytest.mark.parametrize("version", [None, "s3v4"])
def test_a_form_is_no_call_of_another_service(emulator: Server, version: str | None) -> None:
    url = s3_of(emulator, version).generate_presigned_url("list_buckets")

    status, _ = send(emulator, "GET", url, FORM, b"Action=CreateQueue&QueueName=stolen&Version=2012-11-05")

    assert status in (400, 403)
    assert not emulator.client("sqs").list_queues(QueueNamePrefix="stolen").get("QueueUrls")


@pytest.mark.parametrize(
    "trailer",
    [
        b"x-amz-target:DynamoDB_20120810.ListTables",
        b"x-amz-copy-source:/signed-calls/secret",
        b"content-type:text/html",
    ],
)
def test_what_follows_a_body_is_no_header(emulator: Server, trailer: bytes) -> None:
    url = s3_of(emulator, "s3v4").generate_presigned_url("put_object", {"Bucket": BUCKET, "Key": "target"})
    body = b"4\r\nmine\r\n0\r\n" + trailer + b"\r\n\r\n"

    status, answer = send(emulator, "PUT", url, {"Content-Encoding": "aws-chunked"}, body)

    assert (status in (400, 403), "MalformedTrailerError" in answer) == (True, True)


def test_a_users_old_url_does_not_call_as_the_administrator(emulator: Server) -> None:
    iam = emulator.client("iam")
    iam.create_user(UserName="signer")
    pair = iam.create_access_key(UserName="signer")["AccessKey"]
    admin = f"{emulator.access_key_id}/20260101/{emulator.region}/s3/aws4_request"
    key = Credentials(pair["AccessKeyId"], pair["SecretAccessKey"])
    made = AWSRequest("GET", f"{emulator.endpoint_url}/{BUCKET}/secret", headers={"x-amz-credential": admin})
    auth.HmacV1QueryAuth(key, expires=60).add_auth(made)

    status, answer = send(emulator, "GET", str(made.url))

    assert (status in (400, 403), "secret" in answer) == (True, False)


def test_a_users_header_does_not_call_as_the_administrator(emulator: Server) -> None:
    iam = emulator.client("iam")
    iam.create_user(UserName="header-signer")
    pair = iam.create_access_key(UserName="header-signer")["AccessKey"]
    url = f"{emulator.endpoint_url}/{BUCKET}/secret"
    made = AWSRequest("GET", url)
    auth.S3SigV4Auth(Credentials(pair["AccessKeyId"], pair["SecretAccessKey"]), "s3", emulator.region).add_auth(made)
    headers = dict(made.headers)
    admin = f"Credential={emulator.access_key_id}/20260101/{emulator.region}/s3/aws4_request"
    headers["Authorization"] = headers["Authorization"].replace("Credential", f"{admin}, Credential")

    status, answer = send(emulator, "GET", url, headers)

    assert (status in (400, 403), "secret" in answer) == (True, False)


def test_whoever_may_read_an_object_writes_none(emulator: Server) -> None:
    iam = emulator.client("iam")
    iam.create_user(UserName="reader")
    policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}
    iam.put_user_policy(UserName="reader", PolicyName="reading", PolicyDocument=json.dumps(policy))
    pair = iam.create_access_key(UserName="reader")["AccessKey"]
    answers: list[int] = []
    for url, headers, body in [
        (f"{emulator.endpoint_url}/{BUCKET}/key", {}, b"Action=GetObject"),
        (f"{emulator.endpoint_url}/{BUCKET}/key", FORM, b"Action=GetObject"),
        (f"{emulator.endpoint_url}/{BUCKET}/key?Action=GetObject", {}, b"mine"),
        (f"{emulator.endpoint_url}/{BUCKET}/key", {"X-Amz-Target": "a.GetObject"}, b"mine"),
    ]:
        made = AWSRequest("PUT", url, headers=headers, data=body)
        auth.S3SigV4Auth(Credentials(pair["AccessKeyId"], pair["SecretAccessKey"]), "s3", emulator.region).add_auth(
            made
        )
        answers.append(send(emulator, "PUT", url, dict(made.headers), body)[0])

    assert answers == [403] * 4
    assert emulator.client("s3").get_object(Bucket=BUCKET, Key="key")["Body"].read() == b"content"


def test_ministacks_own_graphql_is_closed(emulator: Server) -> None:
    url = f"{emulator.endpoint_url}/v1/apis/any/graphql"
    made = AWSRequest("POST", url, headers={"Content-Type": "application/json"}, data=b"{}")
    key = Credentials(emulator.access_key_id, emulator.secret_access_key)
    auth.SigV4Auth(key, "appsync", emulator.region).add_auth(made)

    status, answer = send(emulator, "POST", url, dict(made.headers), b"{}")

    assert (status, "closed" in answer) == (403, True)


def test_a_form_for_uploads_is_not_taken_without_a_signature(emulator: Server) -> None:
    post = s3_of(emulator, "s3v4").generate_presigned_post(BUCKET, "posted")
    fields = "".join(
        f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in post["fields"].items()
    )
    body = f'{fields}--b\r\nContent-Disposition: form-data; name="file"\r\n\r\nmine\r\n--b--\r\n'.encode()

    status, _ = send(emulator, "POST", post["url"], {"Content-Type": "multipart/form-data; boundary=b"}, body)

    assert status == 403
    assert "posted" not in [found["Key"] for found in emulator.client("s3").list_objects_v2(Bucket=BUCKET)["Contents"]]


@pytest.mark.parametrize("version", [None, "s3v4"])
def test_clients_upload_and_download_with_presigned_urls(emulator: Server, version: str | None) -> None:
    client = s3_of(emulator, version)
    where = {"Bucket": BUCKET, "Key": "a b/ü?.txt"}
    upload = client.generate_presigned_url("put_object", {**where, "ContentType": "text/plain"}, ExpiresIn=604800)
    download = client.generate_presigned_url("get_object", where)

    put = send(emulator, "PUT", upload, {"Content-Type": "text/plain"}, b"mine")

    assert (put[0], send(emulator, "GET", download)) == (200, (200, "mine"))


def test_clients_hoist_headers_into_presigned_urls(emulator: Server) -> None:
    client = s3_of(emulator, "s3v4")
    made = AWSRequest("PUT", f"{emulator.endpoint_url}/{BUCKET}/hoisted?x-amz-meta-a=b")
    key = Credentials(emulator.access_key_id, emulator.secret_access_key)
    auth.S3SigV4QueryAuth(key, "s3", emulator.region, expires=60).add_auth(made)

    assert send(emulator, "PUT", str(made.url), {}, b"mine")[0] == 200
    assert client.head_object(Bucket=BUCKET, Key="hoisted")["Metadata"] == {"a": "b"}


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"s3": {"payload_signing_enabled": False}},
        {"s3": {"payload_signing_enabled": True}},
        {"request_checksum_calculation": "when_required"},
    ],
    ids=repr,
)
def test_clients_upload_in_their_ways(emulator: Server, more: dict[str, Any]) -> None:
    client = s3_of(emulator, "s3v4", **more)

    client.put_object(Bucket=BUCKET, Key="uploaded", Body=b"mine" * 5_000, Metadata={"a": "b"}, Tagging="a=b")

    assert client.get_object(Bucket=BUCKET, Key="uploaded")["Body"].read() == b"mine" * 5_000


def test_a_streaming_upload_may_be_followed_by_its_checksum(emulator: Server) -> None:
    url = f"{emulator.endpoint_url}/{BUCKET}/streamed"
    headers = {
        "X-Amz-Content-SHA256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
        "Content-Encoding": "aws-chunked",
        "X-Amz-Decoded-Content-Length": "4",
        "X-Amz-Trailer": "x-amz-checksum-crc32",
    }
    made = AWSRequest("PUT", url, headers=headers)
    auth.SigV4Auth(Credentials(emulator.access_key_id, emulator.secret_access_key), "s3", emulator.region).add_auth(
        made
    )

    body = b"4\r\nmine\r\n0\r\nx-amz-checksum-crc32:aajTkw==\r\n\r\n"
    put = send(emulator, "PUT", url, dict(made.headers), body)

    assert put[0] == 200, put
    assert emulator.client("s3").get_object(Bucket=BUCKET, Key="streamed")["Body"].read() == b"mine"


def test_clients_of_every_service_go_on_working(emulator: Server) -> None:
    calls: list[tuple[str, str, dict[str, Any]]] = [
        ("appsync", "list_graphql_apis", {}),
        ("cloudfront", "list_distributions", {}),
        ("cloudwatch", "describe_alarms", {}),
        ("cloudwatch", "put_metric_data", {"Namespace": "a", "MetricData": [{"MetricName": "a", "Value": 1.0}]}),
        ("cognito-idp", "list_user_pools", {"MaxResults": 1}),
        ("dynamodb", "list_tables", {}),
        ("dynamodbstreams", "list_streams", {}),
        ("events", "list_rules", {}),
        ("iam", "list_roles", {}),
        ("kms", "list_keys", {}),
        ("lambda", "list_functions", {}),
        ("logs", "describe_log_groups", {}),
        ("resourcegroupstaggingapi", "get_resources", {}),
        ("s3", "list_buckets", {}),
        ("scheduler", "list_schedules", {}),
        ("sns", "list_topics", {}),
        ("sqs", "list_queues", {}),
        ("ssm", "describe_parameters", {}),
        ("stepfunctions", "list_state_machines", {}),
        ("sts", "get_caller_identity", {}),
        ("xray", "put_trace_segments", {"TraceSegmentDocuments": ["{}"]}),
    ]
    for service, operation, arguments in calls:
        client = emulator.client(service)
        answer = getattr(client, operation)(**arguments)
        assert answer["ResponseMetadata"]["HTTPStatusCode"] == 200, (service, operation)


def test_large_metrics_arrive_compressed(emulator: Server) -> None:
    metrics = [{"MetricName": f"metric-{number}", "Value": 1.0} for number in range(500)]
    client = emulator.client("cloudwatch")
    sent: list[Any] = []
    client.meta.events.register("before-send.cloudwatch", lambda request, **_: sent.append(request.headers))

    client.put_metric_data(Namespace="compressed", MetricData=metrics)

    assert [headers.get("Content-Encoding") for headers in sent] == [b"gzip"]


def test_a_session_signs_with_its_token(emulator: Server, make_role: Any) -> None:
    role = make_role("lambda.amazonaws.com")
    trust = {"Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}]}
    emulator.client("iam").update_assume_role_policy(RoleName=role.rsplit("/", 1)[-1], PolicyDocument=json.dumps(trust))
    found = emulator.client("sts").assume_role(RoleArn=role, RoleSessionName="ada")["Credentials"]
    keys = {
        "aws_access_key_id": found["AccessKeyId"],
        "aws_secret_access_key": found["SecretAccessKey"],
        "aws_session_token": found["SessionToken"],
    }
    client = emulator.client("sts", **keys)

    url = client.generate_presigned_url("get_caller_identity", HttpMethod="GET")

    assert client.get_caller_identity()["Arn"].endswith("/ada")
    answer = send(emulator, "GET", url)
    assert answer[0] == 200, answer
    assert send(emulator, "GET", url.replace("GetCallerIdentity", "GetSessionToken"))[0] in (400, 403)
