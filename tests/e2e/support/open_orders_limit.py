"""A second API with an `open_orders_limit`, beside the local run's own API without one."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.e2e.support.administrator_access import AdministratorAccess
from tests.emulator.support.deployed_api import create_api

OFF = "const MOST_OPEN = 0;"
AUTHENTICATION = ("authenticationType", "userPoolConfig", "additionalAuthenticationProviders")
SOURCE = ("name", "type", "serviceRoleArn", "dynamodbConfig", "httpConfig")


@contextmanager
def api_with_limit(account: AdministratorAccess, *, most: int) -> Iterator[str]:
    """Yield the URL of an API on the same tables, whose postOrder counts open orders."""
    appsync = account.client("appsync")
    original = {"apiId": account.outputs["graphql_url"].split("/")[-2]}
    settings = appsync.get_graphql_api(**original)["graphqlApi"]
    sdl = appsync.get_introspection_schema(**original, format="SDL", includeDirectives=True)["schema"].read().decode()
    emulator = _Emulator(account)
    made = create_api(emulator, sdl, name="limited", **{key: settings[key] for key in AUTHENTICATION})
    try:
        for source in appsync.list_data_sources(**original, maxResults=25)["dataSources"]:
            if source["name"] != "nothing":
                appsync.create_data_source(apiId=made.api_id, **{key: source[key] for key in SOURCE if key in source})
        names = {}
        for function in appsync.list_functions(**original, maxResults=25)["functions"]:
            names[function["functionId"]] = function["name"]
            code = function["code"].replace(OFF, f"const MOST_OPEN = {most};")
            made.function(function["name"], code, source=function["dataSourceName"])
        for field in ("postOrder", "cancelOrder"):
            resolver = appsync.get_resolver(**original, typeName="Mutation", fieldName=field)["resolver"]
            pipeline = [names[id_] for id_ in resolver["pipelineConfig"]["functions"]]
            if field == "postOrder":
                pipeline.insert(pipeline.index("insertOrder"), "limitOpenOrders")
            made.pipeline(f"Mutation.{field}", resolver["code"], pipeline)
        yield made.url
    finally:
        appsync.delete_graphql_api(apiId=made.api_id)


class _Emulator:
    """The deployed system in the form that the helpers of the emulator's tests need."""

    def __init__(self, account: AdministratorAccess) -> None:
        self.client: Any = account.client
        self.endpoint_url = account.outputs["aws_endpoint_url"]
