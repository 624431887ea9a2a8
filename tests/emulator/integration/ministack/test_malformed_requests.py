"""Unreadable requests to a running server get AWS's own 400. None is logged as a failure."""

import base64
import http.client
import json
import socket
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from ministack.core.iam_actions import unsigned_operations

from local.server_process import Server
from tests.emulator.support.user_pools import EMAIL, PASSWORD, Pool
from tests.support.malformed_json import DEEP, NO_OBJECTS, NOT_JSON

UNREADABLE = {**NOT_JSON, **NO_OBJECTS}
JSON = {"Content-Type": "application/x-amz-json-1.0"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
CLAIM = "AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=\xe9"
USER_POOLS = "AWSCognitoIdentityProviderService."


@pytest.fixture(autouse=True)
def no_failure(server_log: Path, emulator: Server) -> Iterator[None]:
    """Assert that the test leaves no failure in the server's log."""
    before = len(server_log.read_bytes())
    yield
    assert "Traceback" not in server_log.read_bytes()[before:].decode()


def send(server: Server, method: str, path: str, headers: dict[str, str], body: bytes) -> tuple[int, str]:
    with closing(http.client.HTTPConnection(server.endpoint_url.removeprefix("http://"), timeout=10)) as connection:
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()


def call(
    server: Server, service: str, body: bytes, *, path: str = "/", method: str = "POST", headers: dict[str, str] = JSON
) -> tuple[int, str]:
    """Send a signed request."""
    made = AWSRequest(method, server.endpoint_url + path, headers=headers, data=body)
    SigV4Auth(Credentials(server.access_key_id, server.secret_access_key), service, server.region).add_auth(made)
    return send(server, method, path, dict(made.headers), body)


def public(server: Server, operation: str, body: bytes) -> tuple[int, str]:
    return send(server, "POST", "/", JSON | {"X-Amz-Target": USER_POOLS + operation}, body)


def part(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def error_of(answer: tuple[int, str]) -> tuple[int, str]:
    return answer[0], json.loads(answer[1])["__type"]


@pytest.mark.parametrize("body", UNREADABLE.values(), ids=UNREADABLE.keys())
def test_a_call_that_cannot_be_read_is_a_400(emulator: Server, body: bytes) -> None:
    answers = [
        call(emulator, "dynamodb", body, headers=JSON | {"X-Amz-Target": "DynamoDB_20120810.GetItem"}),
        call(emulator, "dynamodb", body, headers={"X-Amz-Target": "DynamoDB_20120810.GetItem"}),
        call(emulator, "dynamodb", body, headers=FORM | {"X-Amz-Target": "DynamoDB_20120810.GetItem"}),
        *(
            call(emulator, "sqs", body, headers={"Content-Type": media_type, "X-Amz-Target": "AmazonSQS.SendMessage"})
            for media_type in (*JSON.values(), *FORM.values(), "application/cbor")
        ),
        call(emulator, "states", body, headers=JSON | {"X-Amz-Target": "AWSStepFunctions.StartExecution"}),
        call(emulator, "lambda", body, path="/2015-03-31/functions", headers={"Content-Type": "application/json"}),
        call(emulator, "appsync", body, path="/v1/apis", headers={}),
        call(emulator, "scheduler", body, path="/schedules/a", headers={"Content-Type": "application/json"}),
        public(emulator, "InitiateAuth", body),
        public(emulator, "SignUp", body),
    ]

    assert [error_of(answer) for answer in answers] == [(400, "SerializationException")] * len(answers)


@pytest.mark.parametrize("operation", sorted(unsigned_operations("cognito-idp")))
def test_nothing_is_an_object_without_members(emulator: Server, operation: str) -> None:
    assert public(emulator, operation, b"") == public(emulator, operation, b"{}")


def test_boto3_reads_the_error(emulator: Server) -> None:
    client = emulator.client("dynamodb")
    client.meta.events.register("before-call.dynamodb", lambda params, **_: params.update(body=DEEP.encode()))

    with pytest.raises(client.exceptions.ClientError) as refused:
        client.list_tables()

    assert refused.value.response["Error"]["Code"] == "SerializationException"


@pytest.mark.parametrize("body", NOT_JSON.values(), ids=NOT_JSON.keys())
def test_an_event_that_cannot_be_read_is_a_400(emulator: Server, body: bytes) -> None:
    answer = call(emulator, "lambda", body, path="/2015-03-31/functions/any/invocations", headers={})

    assert error_of(answer) == (400, "InvalidRequestContentException")


@pytest.mark.parametrize("body", NO_OBJECTS.values(), ids=NO_OBJECTS.keys())
def test_an_event_is_any_json(emulator: Server, body: bytes) -> None:
    status, answer = call(emulator, "lambda", body, path="/2015-03-31/functions/any/invocations", headers={})

    assert (status, "ResourceNotFoundException" in answer or "Function not found" in answer) == (404, True)


@pytest.mark.parametrize(
    ("service", "parameters"),
    [
        ("iam", {"Action": "CreatePolicy", "PolicyName": "a", "PolicyDocument": DEEP}),
        ("sns", {"Action": "Publish", "TopicArn": "a", "MessageStructure": "json", "Message": DEEP}),
    ],
)
def test_a_document_in_a_form_is_no_failure(emulator: Server, service: str, parameters: dict[str, str]) -> None:
    status, _ = call(emulator, service, urlencode(parameters).encode(), headers=FORM)

    assert 400 <= status < 500


@pytest.mark.parametrize(
    ("service", "target", "body"),
    [
        ("states", "AWSStepFunctions.CreateStateMachine", {"name": "a", "definition": DEEP, "roleArn": "a"}),
        ("sqs", "AmazonSQS.CreateQueue", {"QueueName": "unreadable", "Attributes": {"RedrivePolicy": DEEP}}),
        ("events", "AWSEvents.PutRule", {"Name": "a", "EventPattern": DEEP}),
        ("appsync", "", {"context": DEEP, "function": "request", "code": "", "runtime": {}}),
    ],
)
def test_a_document_in_a_document_is_no_failure(
    emulator: Server, service: str, target: str, body: dict[str, Any]
) -> None:
    path = "/" if target else "/v1/dataplane-evaluatecode"

    status, _ = call(emulator, service, json.dumps(body).encode(), path=path, headers=JSON | {"X-Amz-Target": target})

    assert status < 500


@pytest.mark.parametrize("attribute", [{"Name": "name"}, {"Name": "name", "Value": None}])
def test_an_attribute_needs_no_value(make_pool: Callable[..., Pool], attribute: dict[str, Any]) -> None:
    pool = make_pool(**EMAIL)
    given = {"Username": "anna@example.com", "Password": PASSWORD, "UserAttributes": [attribute]}

    signed_up = public(pool.server, "SignUp", json.dumps({"ClientId": pool.client_id, **given}).encode())
    token = pool.sign_in(pool.make_user("bob@example.com"))["AccessToken"]
    written = {"AccessToken": token, "UserAttributes": [attribute]}
    updated = public(pool.server, "UpdateUserAttributes", json.dumps(written).encode())

    attributes = pool.anybody.get_user(AccessToken=token)["UserAttributes"]
    assert (signed_up[0], updated[0]) == (200, 200)
    assert {"Name": "name", "Value": ""} in attributes


@pytest.mark.parametrize(
    ("operation", "member", "status"),
    [
        ("SignUp", "UserAttributes", 200),
        ("InitiateAuth", "AuthParameters", 400),
        ("RespondToAuthChallenge", "ChallengeResponses", 400),
        ("SetUserMFAPreference", "SMSMfaSettings", 200),
        ("SetUserMFAPreference", "SoftwareTokenMfaSettings", 200),
    ],
)
def test_null_is_as_good_as_left_out(make_pool: Callable[..., Pool], operation: str, member: str, status: int) -> None:
    pool = make_pool(**EMAIL)
    given: dict[str, Any] = {
        "SignUp": {"ClientId": pool.client_id, "Username": "anna@example.com", "Password": PASSWORD},
        "InitiateAuth": {"ClientId": pool.client_id, "AuthFlow": "USER_SRP_AUTH"},
        "RespondToAuthChallenge": {"ClientId": pool.client_id, "ChallengeName": "PASSWORD_VERIFIER"},
        "SetUserMFAPreference": {"AccessToken": pool.sign_in(pool.make_user("bob@example.com"))["AccessToken"]},
    }

    answer = public(pool.server, operation, json.dumps({**given[operation], member: None}).encode())

    assert answer[0] == status


@pytest.mark.parametrize("member", ["UserAttributes", "ValidationData"])
def test_a_list_holds_no_null(emulator: Server, member: str) -> None:
    given = {"ClientId": "any", "Username": "anna@example.com", "Password": PASSWORD, member: [None]}

    answer = public(emulator, "SignUp", json.dumps(given).encode())

    assert error_of(answer) == (400, "InvalidParameterException")


@pytest.mark.parametrize("name", ["a\x00", "a\x1b[31m", "a\r\nBcc: b", "a b", "\u202eanna"])
def test_a_user_name_has_no_control_characters_whoever_sends_it(emulator: Server, name: str) -> None:
    pattern = r"Member must satisfy regular expression pattern: [\p{L}\p{M}\p{S}\p{N}\p{P}]+"
    refusal = f"1 validation error detected: Value at 'username' failed to satisfy constraint: {pattern}"
    target = {"X-Amz-Target": "AWSCognitoIdentityProviderService.AdminCreateUser"}
    given = {"ClientId": "any", "Username": name, "Password": PASSWORD}
    admins = {"UserPoolId": "us-east-1_abc", "Username": name}

    answers = [
        public(emulator, "SignUp", json.dumps(given).encode()),
        public(emulator, "ForgotPassword", json.dumps(given).encode()),
        call(emulator, "cognito-idp", json.dumps(admins).encode(), headers=JSON | target),
    ]

    assert [error_of(answer) for answer in answers] == [(400, "InvalidParameterException")] * 3
    assert {json.loads(body)["message"] for _, body in answers} == {refusal}


@pytest.mark.parametrize(
    ("operation", "given", "rule"),
    [
        (
            "ListDevices",
            {"AccessToken": "a", "Limit": 61},
            "'limit' failed to satisfy constraint: Member must have",
        ),
        ("GetUser", {"AccessToken": "a b"}, "'accessToken' failed to satisfy constraint: Member must satisfy regular"),
        (
            "ConfirmSignUp",
            {"ClientId": "a", "Username": "b", "ConfirmationCode": "1 2"},
            "'confirmationCode' failed to satisfy constraint: Member must satisfy regular",
        ),
    ],
)
def test_what_anybody_can_send_keeps_to_the_bounds_of_its_model(
    emulator: Server, operation: str, given: dict[str, Any], rule: str
) -> None:
    status, answer = public(emulator, operation, json.dumps(given).encode())

    assert status == 400
    assert rule in json.loads(answer)["message"]


def test_a_name_in_any_script_is_taken(make_pool: Callable[..., Pool]) -> None:
    pool = make_pool()

    for name in ("Zoë", "アンナ", "№1", "a+b@«c».€"):
        pool.sign_up(name)

    assert {user["Username"] for user in pool.administrator.list_users(UserPoolId=pool.pool_id)["Users"]} == {
        "Zoë",
        "アンナ",
        "№1",
        "a+b@«c».€",
    }


@pytest.fixture(scope="module")
def issuer(emulator: Server) -> str:
    pool = emulator.client("cognito-idp").create_user_pool(PoolName="unreadable")["UserPool"]["Id"]
    return f"https://cognito-idp.{emulator.region}.amazonaws.com/{pool}"


@pytest.mark.parametrize("operation", ["GetUser", "ChangePassword", "GlobalSignOut", "RevokeToken", "InitiateAuth"])
@pytest.mark.parametrize("content", UNREADABLE.values(), ids=UNREADABLE.keys())
def test_a_token_that_cannot_be_read_is_a_400(emulator: Server, issuer: str, operation: str, content: bytes) -> None:
    claims = json.dumps({"iss": issuer, "token_use": "access", "exp": 10**10}).encode()
    for head, body in ((b'{"kid":"a"}', content), (content, claims), (content, content)):
        text = f"{part(head)}.{part(body)}.{part(b'x')}"
        request: dict[str, Any] = {"AccessToken": text, "Token": text, "ClientId": "a", "PreviousPassword": "a"}
        request |= {"AuthFlow": "REFRESH_TOKEN_AUTH", "ProposedPassword": "a"}
        request |= {"AuthParameters": {"REFRESH_TOKEN": text}}

        status, _ = public(emulator, operation, json.dumps(request).encode())

        assert status == 400


@pytest.mark.parametrize("value", [1, [], {}, {"a": [1]}, True, ["a"]], ids=repr)
@pytest.mark.parametrize("name", ["AccessToken", "Token", "ClientId", "AuthFlow", "Username"])
def test_a_value_of_another_type_is_a_400(emulator: Server, name: str, value: Any) -> None:
    operations = {"AccessToken": "GetUser", "Token": "RevokeToken", "Username": "SignUp"}

    answer = public(emulator, operations.get(name, "InitiateAuth"), json.dumps({name: value}).encode())

    assert error_of(answer) == (400, "SerializationException")
    assert f"$.{name} must be a string" in answer[1]


# The target, the member that is of another type, and what else the operation needs to stumble over it.
WRONG_TYPES: list[tuple[str, str, str, Any, dict[str, Any]]] = [
    ("dynamodb", "DynamoDB_20120810.DescribeTable", "TableName", {"a": None}, {}),
    ("dynamodb", "DynamoDB_20120810.BatchWriteItem", "RequestItems", True, {}),
    ("sqs", "AmazonSQS.CreateQueue", "QueueName", {"a": 1}, {}),
    ("sqs", "AmazonSQS.GetQueueAttributes", "QueueUrl", [[]], {}),  # MiniStack reads it before SQS has the call
    ("kms", "TrentService.DescribeKey", "KeyId", -1, {}),
    ("states", "AWSStepFunctions.GetActivityTask", "activityArn", [1], {}),
    ("events", "AWSEvents.ListRules", "EventBusName", ["a"], {}),
    ("logs", "Logs_20140328.DeleteMetricFilter", "filterName", [{}], {"logGroupName": "a"}),
    ("ssm", "AmazonSSM.DeleteParameter", "Name", {"a": "b"}, {}),
    ("tagging", "ResourceGroupsTaggingAPI_20170126.TagResources", "ResourceARNList", -1, {"Tags": {}}),
]


@pytest.mark.parametrize(
    ("service", "target", "member", "value", "others"), WRONG_TYPES, ids=[target for _, target, *_ in WRONG_TYPES]
)
def test_a_signed_call_with_a_value_of_another_type_is_a_400(
    emulator: Server, service: str, target: str, member: str, value: Any, others: dict[str, Any]
) -> None:
    body = json.dumps({member: value, **others}).encode()

    answer = call(emulator, service, body, headers=JSON | {"X-Amz-Target": target})

    assert error_of(answer) == (400, "SerializationException")
    assert f"$.{member} must be a" in answer[1]


@pytest.mark.parametrize(
    ("service", "path", "body"),
    [
        ("lambda", "/2015-03-31/functions", {"FunctionName": {"a": "b"}, "Role": "a", "Code": {}}),
        ("lambda", "/2015-03-31/event-source-mappings/", {"FunctionName": -1, "EventSourceArn": "a"}),
    ],
)
def test_so_is_one_whose_path_names_its_operation(
    emulator: Server, service: str, path: str, body: dict[str, Any]
) -> None:
    answer = call(emulator, service, json.dumps(body).encode(), path=path, headers={"Content-Type": "application/json"})

    assert error_of(answer) == (400, "SerializationException")


def test_what_a_model_does_not_have_is_passed_over(emulator: Server) -> None:
    request: dict[str, Any] = {
        "ClientId": "a",
        "AuthFlow": "USER_PASSWORD_AUTH",
        "AuthParameters": None,
        "Other": {"a": []},
    }

    assert error_of(public(emulator, "InitiateAuth", json.dumps(request).encode()))[1] != "SerializationException"


@pytest.mark.parametrize("value", [5, {"a": 1}, [None], [["x"]]], ids=json.dumps)
@pytest.mark.parametrize("name", ["AccessToken", "ClientId", "Session", "Token", "UserAttributes", "UserPoolId"])
@pytest.mark.parametrize("operation", ["GetUser", "GlobalSignOut", "ForgotPassword"])
def test_a_member_of_other_operations_is_passed_over(emulator: Server, operation: str, name: str, value: Any) -> None:
    request = {"AccessToken": "a.b.c"} if operation != "ForgotPassword" else {"ClientId": "a", "Username": "b"}

    status, _answer = public(emulator, operation, json.dumps({name: value} | request).encode())

    assert status == 400


@pytest.mark.parametrize("service", ["dynamodb", "monitoring"])
@pytest.mark.parametrize("body", [b"x", b"\x1f\x8b\x08\x00", b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff" + b"x" * 20])
def test_what_is_not_compressed_as_it_says_is_a_400(emulator: Server, service: str, body: bytes) -> None:
    target = {"dynamodb": "DynamoDB_20120810.ListTables", "monitoring": "GraniteServiceVersion20100801.PutMetricData"}
    headers = JSON | {"Content-Encoding": "gzip", "X-Amz-Target": target[service]}

    assert error_of(call(emulator, service, body, headers=headers)) == (400, "SerializationException")


@pytest.mark.parametrize(
    "head",
    [
        "GET /%00 HTTP/1.1",
        "GET /%ff/%zz/%2e%2e/_ministack/reset HTTP/1.1",
        "GET /?%ff=%00&&=&=a&X-Amz-Signature=%ff HTTP/1.1",
        "GET /?AWSAccessKeyId=%00&Signature=%00&Expires=%C2%B2 HTTP/1.1",
        "GET /?AWSAccessKeyId=a HTTP/1.1",
        f"GET /?X-Amz-Signature=a&X-Amz-Credential={'/' * 9_000} HTTP/1.1",
        "GET [ HTTP/1.1",
        "GET [?AWSAccessKeyId=KEY&Signature=a&Expires=9999999999 HTTP/1.1",
        "GET /?AWSAccessKeyId=KEY&Signature=a&Expires=%C2%B2 HTTP/1.1",
        "GET http://[ HTTP/1.1",
        "OPTIONS * HTTP/1.1",
        "GET //[?X-Amz-Signature=a HTTP/1.1",
        "POST / HTTP/1.1\r\nContent-Length: x",
        "POST / HTTP/1.1\r\nContent-Length: -1",
        "POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2",
        "PUT / HTTP/1.1\r\nX-Amz-Target: \xe9",
        "PUT / HTTP/1.1\r\nAuthorization: AWS4-HMAC-SHA256 \xe9=\xe9,,=,",
        f"PUT / HTTP/1.1\r\nAuthorization: {CLAIM}\r\nX-Amz-Date: x",
        f"PUT / HTTP/1.1\r\nAuthorization: {CLAIM}\r\nX-Amz-Date: 20260101T000000Z",
        "GET /_local/flow HTTP/1.1\r\nX-Local-Token: \xff",
        "POST /_local/demo-session HTTP/1.1\r\nX-Local-Token: \xe9\r\nContent-Type: application/json",
    ],
    ids=lambda head: head[:60],
)
def test_a_request_of_any_bytes_is_refused(emulator: Server, head: str) -> None:
    host, port = emulator.endpoint_url.removeprefix("http://").split(":")
    with closing(socket.create_connection((host, int(port)), timeout=10)) as connection:
        head = head.replace("KEY", emulator.access_key_id)
        connection.sendall(f"{head}\r\nHost: {host}:{port}\r\nConnection: close\r\n\r\n".encode("latin-1"))
        answer = connection.makefile("rb").readline().decode()

    assert 400 <= int(answer.split()[1]) < 500


@pytest.mark.parametrize("size", [1024, 128 * 1024 + 1, 10 * 1024 * 1024])
def test_what_anybody_can_send_is_small(emulator: Server, size: int) -> None:
    body = json.dumps({"ClientId": "a"}).encode().ljust(size)

    status, answer = public(emulator, "InitiateAuth", body)

    assert status == 400
    assert ("the body is larger than 131072 bytes" in answer) == (size > 128 * 1024)


@pytest.mark.parametrize("value", [[], {}, 1])
def test_values_are_counted_before_they_are_made(emulator: Server, value: Any) -> None:
    body = json.dumps({"TableName": [value] * 30_001}).encode()

    answer = call(emulator, "dynamodb", body, headers=JSON | {"X-Amz-Target": "DynamoDB_20120810.GetItem"})

    assert error_of(answer) == (400, "SerializationException")
    assert "more than 20000 values, at most that many are allowed" in answer[1]


@pytest.mark.parametrize(("number", "status"), [(100_000, 404), (100_001, 400)])
def test_an_event_may_have_more_values_than_another_call(emulator: Server, number: int, status: int) -> None:
    body = json.dumps([0] * number).encode()

    answer = call(emulator, "lambda", body, path="/2015-03-31/functions/any/invocations", headers={})

    assert answer[0] == status


@pytest.mark.parametrize(
    "header", [b"Sec-WebSocket-Protocol: graphql-ws, header-\xff", b"Sec-WebSocket-Extensions: \xff"]
)
def test_a_websocket_that_cannot_be_read_is_refused_and_closed(emulator: Server, header: bytes) -> None:
    host = emulator.endpoint_url.removeprefix("http://")
    name, _, port = host.partition(":")
    head = [
        b"GET /appsync/api/graphql/realtime HTTP/1.1",
        b"Host: " + host.encode(),
        b"Connection: upgrade",
        b"Upgrade: websocket",
        b"Sec-WebSocket-Version: 13",
        b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        header,
    ]

    with socket.create_connection((name, int(port)), timeout=10) as connection:
        connection.sendall(b"\r\n".join([*head, b"", b""]))
        answer = b"".join(iter(lambda: connection.recv(4096), b""))

    assert answer.startswith(b"HTTP/1.1 400 ")
