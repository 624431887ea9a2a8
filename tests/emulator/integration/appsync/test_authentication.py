"""Authentication: tokens of the API's pool and client, and signatures with existing keys."""

import base64
import json
from typing import Any

import httpx
import pytest

from tests.emulator.support.deployed_api import Api, allow, answering, create_api, create_role
from tests.emulator.support.graphql_calls import data_of, error_of, post, send_signed, signed_headers, signed_post

SDL = """
type Note @aws_cognito_user_pools @aws_iam { id: String! mine: String @aws_iam }
type Plain { id: String! }
type Query { note: Note @aws_cognito_user_pools @aws_iam  open: String  plain: Plain @aws_iam }
type Mutation { publish(id: String!): Note @aws_iam  remove: String @aws_iam  own: String }
schema { query: Query mutation: Mutation }
"""
NOTE = answering("{ id: ctx.identity.userArn || ctx.identity.username, mine: 'm' }")
ANYBODY = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}],
}
Key = tuple[str, str, str | None]


@pytest.fixture(scope="module")
def api(emulator: Any, pool: Any) -> Api:
    api = create_api(emulator, SDL, **pool.settings())
    for place in ("Query.note", "Query.plain", "Mutation.publish"):
        api.resolver(place, NOTE)
    return api


@pytest.fixture(scope="module")
def publisher(emulator: Any, api: Api) -> Key:
    """Keys of a user who may publish, and do nothing else."""
    iam = emulator.client("iam")
    iam.create_user(UserName="publisher")
    document = {
        "Version": "2012-10-17",
        "Statement": [allow(["appsync:GraphQL"], f"{api.arn}/types/Mutation/fields/publish")],
    }
    iam.put_user_policy(UserName="publisher", PolicyName="own", PolicyDocument=json.dumps(document))
    key = iam.create_access_key(UserName="publisher")["AccessKey"]
    return key["AccessKeyId"], key["SecretAccessKey"], None


def refused(response: httpx.Response) -> tuple[int, str, str]:
    (error,) = response.json()["errors"]
    assert "data" not in response.json()
    return response.status_code, error["errorType"], error["message"]


@pytest.mark.parametrize("use", ["IdToken", "AccessToken"])
def test_id_and_access_tokens_both_work(api: Api, pool: Any, use: str) -> None:
    token = pool.sign_in("ada")[use]

    assert data_of(post(api.url, "{ note { id } }", token=token)) == {"note": {"id": "ada"}}


def test_a_call_without_credentials_is_a_401(api: Api) -> None:
    answer = post(api.url, "{ note { id } }")

    assert refused(answer) == (401, "UnauthorizedException", "Valid authorization header not provided.")
    assert answer.headers["x-amzn-errortype"] == "UnauthorizedException"


@pytest.mark.parametrize("token", ["nonsense", "a.b.c", "Bearer x"])
def test_what_is_no_token_is_a_401(api: Api, token: str) -> None:
    assert refused(post(api.url, "{ note { id } }", token=token)) == (
        401,
        "UnauthorizedException",
        "Unable to parse JWT token.",
    )


def altered(token: str, *, header: dict[str, Any] | None = None, claims: dict[str, Any] | None = None) -> str:
    """Return the token with changed contents and the old signature."""
    parts = token.split(".")
    for index, change in ((0, header), (1, claims)):
        if change:
            content = json.loads(base64.urlsafe_b64decode(parts[index] + "=="))
            parts[index] = base64.urlsafe_b64encode(json.dumps(content | change).encode()).decode().rstrip("=")
    return ".".join(parts)


def test_an_altered_token_is_a_401(api: Api, token: str) -> None:
    forged = altered(token, claims={"sub": "somebody else"})

    assert refused(post(api.url, "{ note { id } }", token=forged))[:2] == (401, "UnauthorizedException")


def test_a_token_without_algorithm_is_a_401(api: Api, token: str) -> None:
    unsigned = altered(token, header={"alg": "none"}).rpartition(".")[0] + "."

    assert refused(post(api.url, "{ note { id } }", token=unsigned))[:2] == (401, "UnauthorizedException")


def test_a_token_of_another_pool_is_a_401(api: Api, other_pool: Any) -> None:
    foreign = other_pool.sign_in("ada")["IdToken"]

    assert refused(post(api.url, "{ note { id } }", token=foreign))[:2] == (401, "UnauthorizedException")


@pytest.mark.parametrize("use", ["IdToken", "AccessToken"])
def test_a_token_of_another_client_is_a_401(api: Api, pool: Any, use: str) -> None:
    token = pool.sign_in("ada", client_id=pool.add_client("another"))[use]

    assert refused(post(api.url, "{ note { id } }", token=token))[:2] == (401, "UnauthorizedException")


def test_a_signed_call_may_do_what_its_policy_says(api: Api, publisher: Key) -> None:
    answer = signed_post(api.url, 'mutation { publish(id: "1") { id mine } }', publisher)

    assert data_of(answer) == {"publish": {"id": "arn:aws:iam::000000000000:user/publisher", "mine": "m"}}


@pytest.mark.parametrize("query", ["mutation { remove }", "{ note { id } }"])
def test_a_signed_call_beyond_its_policy_is_a_401(api: Api, publisher: Key, query: str) -> None:
    assert refused(signed_post(api.url, query, publisher)) == (401, "UnauthorizedException", "Permission denied")


def test_a_session_of_a_role_is_known_by_its_token(emulator: Any, api: Api) -> None:
    role = create_role(
        emulator, "appsync-caller", allow(["appsync:GraphQL"], f"{api.arn}/types/Query/fields/*"), trust=ANYBODY
    )
    session = emulator.client("sts").assume_role(RoleArn=role, RoleSessionName="me")["Credentials"]
    key = (session["AccessKeyId"], session["SecretAccessKey"], session["SessionToken"])

    with_token = signed_post(api.url, "{ note { id } }", key)
    without = signed_post(api.url, "{ note { id } }", (key[0], key[1], None))

    assert data_of(with_token) == {"note": {"id": "arn:aws:sts::000000000000:assumed-role/appsync-caller/me"}}
    assert refused(without)[:2] == (403, "UnrecognizedClientException")


def test_a_signature_covers_the_body(api: Api, publisher: Key) -> None:
    headers = signed_headers(api.url, b'{"query": "{ open }"}', publisher)

    answer = send_signed(api.url, b'{"query": "{ note { id } }"}', headers)

    assert refused(answer)[:2] == (403, "InvalidSignatureException")


@pytest.mark.parametrize(
    "key", [("AKIAUNKNOWNUNKNOWN00", "x", None), ("test", "test", None), ("000000000000", "test", None)]
)
def test_a_key_that_nobody_issued_is_refused(api: Api, key: Key) -> None:
    assert refused(signed_post(api.url, "{ note { id } }", key))[:2] == (403, "UnrecognizedClientException")


def test_a_wrong_secret_is_refused(api: Api, publisher: Key) -> None:
    answer = signed_post(api.url, "{ note { id } }", (publisher[0], "wrong", None))

    assert refused(answer)[:2] == (403, "InvalidSignatureException")


def test_a_signature_for_another_service_is_refused(api: Api, publisher: Key) -> None:
    answer = signed_post(api.url, "{ note { id } }", publisher, service="sqs")

    assert refused(answer)[:2] == (403, "InvalidSignatureException")


def test_a_user_may_not_see_what_is_for_iam_only(api: Api, token: str) -> None:
    error = error_of(post(api.url, "{ note { id mine } }", token=token))

    assert error["message"] == "Not Authorized to access mine on type Note"
    assert error["path"] == ["note", "mine"]


def test_a_type_without_directive_is_for_the_default_mode(emulator: Any, api: Api) -> None:
    administrator = (emulator.access_key_id, emulator.secret_access_key, None)

    answer = signed_post(api.url, "{ plain { id } }", administrator)

    assert answer.json()["data"] == {"plain": None}
    assert error_of(answer)["message"] == "Not Authorized to access id on type Plain"


def test_a_field_without_directive_is_for_the_default_mode(emulator: Any, api: Api, token: str) -> None:
    administrator = (emulator.access_key_id, emulator.secret_access_key, None)

    assert error_of(signed_post(api.url, "mutation { own }", administrator))["errorType"] == "Unauthorized"
    assert data_of(post(api.url, "mutation { own }", token=token)) == {"own": None}


def test_an_api_key_works_only_where_the_api_has_them(emulator: Any, api: Api) -> None:
    keyed = create_api(emulator, "type Query { open: String } schema { query: Query }", authenticationType="API_KEY")
    keyed.resolver("Query.open", answering("'yes'"))
    key = emulator.client("appsync").create_api_key(apiId=keyed.api_id)["apiKey"]["id"]

    own = httpx.post(keyed.url, json={"query": "{ open }"}, headers={"x-api-key": key})
    wrong = httpx.post(keyed.url, json={"query": "{ open }"}, headers={"x-api-key": "da2-x"})
    elsewhere = httpx.post(api.url, json={"query": "{ open }"}, headers={"x-api-key": key})

    assert data_of(own) == {"open": "yes"}
    assert refused(wrong)[:2] == (401, "UnauthorizedException")
    assert refused(elsewhere)[:2] == (401, "UnauthorizedException")
