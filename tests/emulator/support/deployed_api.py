"""Deploys small APIs through the control plane, as Terraform would."""

import json
from dataclasses import dataclass, field
from typing import Any

APPSYNC_TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "appsync.amazonaws.com"}, "Action": "sts:AssumeRole"},
    ],
}
JS = {"name": "APPSYNC_JS", "runtimeVersion": "1.0.0"}


def answering(expression: str) -> str:
    """Return the code of a handler that answers with the value of a JavaScript expression."""
    return (
        f"export function request(ctx) {{ return {{ payload: {expression} }} }}\n"
        "export function response(ctx) { return ctx.result }"
    )


PASS = answering("ctx.args")


@dataclass
class Api:
    """A GraphQL API to which a test adds resolvers."""

    client: Any
    endpoint_url: str
    api_id: str
    arn: str
    functions: dict[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"{self.endpoint_url}/appsync/{self.api_id}/graphql"

    def data_source(self, name: str, kind: str = "NONE", **settings: Any) -> None:
        self.client.create_data_source(apiId=self.api_id, name=name, type=kind, **settings)

    def resolver(self, place: str, code: str = PASS, *, source: str = "nothing") -> None:
        type_name, field_name = place.split(".")
        self.client.create_resolver(
            apiId=self.api_id, typeName=type_name, fieldName=field_name, dataSourceName=source, runtime=JS, code=code
        )

    def function(self, name: str, code: str, *, source: str = "nothing") -> None:
        answer = self.client.create_function(apiId=self.api_id, name=name, dataSourceName=source, runtime=JS, code=code)
        self.functions[name] = answer["functionConfiguration"]["functionId"]

    def pipeline(self, place: str, code: str, functions: list[str]) -> None:
        type_name, field_name = place.split(".")
        self.client.create_resolver(
            apiId=self.api_id,
            typeName=type_name,
            fieldName=field_name,
            kind="PIPELINE",
            pipelineConfig={"functions": [self.functions[name] for name in functions]},
            runtime=JS,
            code=code,
        )

    def schema(self, sdl: str) -> None:
        self.client.start_schema_creation(apiId=self.api_id, definition=sdl.encode())


def create_api(emulator: Any, sdl: str, *, name: str = "test", **settings: Any) -> Api:
    client = emulator.client("appsync")
    api = client.create_graphql_api(name=name, **settings)["graphqlApi"]
    made = Api(client, emulator.endpoint_url, api["apiId"], api["arn"])
    made.schema(sdl)
    made.data_source("nothing")
    return made


def create_role(emulator: Any, name: str, *statements: dict[str, Any], trust: dict[str, Any] = APPSYNC_TRUST) -> str:
    iam = emulator.client("iam")
    role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust))["Role"]
    if statements:
        document = {"Version": "2012-10-17", "Statement": list(statements)}
        iam.put_role_policy(RoleName=name, PolicyName="own", PolicyDocument=json.dumps(document))
    arn: str = role["Arn"]
    return arn


def allow(actions: list[str], resource: str) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": actions, "Resource": resource}
