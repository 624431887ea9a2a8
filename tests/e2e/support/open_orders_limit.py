"""A limit on a customer's open orders, in a deployment that has none."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.e2e.support.account import Account

RUNTIME = {"name": "APPSYNC_JS", "runtimeVersion": "1.0.0"}
OFF = "const MOST_OPEN = 0;"


@contextmanager
def open_orders_limited(account: Account, *, most: int) -> Iterator[None]:
    """Let the API count open orders, as where `open_orders_limit` is set."""
    appsync = account.client("appsync")
    api = {"apiId": account.outputs["graphql_url"].split("/")[-2]}
    functions = {one["name"]: one for one in appsync.list_functions(**api, maxResults=25)["functions"]}
    limit, insert = functions["limitOpenOrders"], functions["insertOrder"]
    resolver = appsync.get_resolver(**api, typeName="Mutation", fieldName="postOrder")["resolver"]
    pipeline = resolver["pipelineConfig"]["functions"]
    place = pipeline.index(insert["functionId"])
    assert limit["code"].count(OFF) == 1

    def write(code: str, used: list[str]) -> None:
        source = {key: limit[key] for key in ("functionId", "name", "dataSourceName")}
        appsync.update_function(**api, **source, runtime=RUNTIME, code=code)
        field: dict[str, Any] = {"typeName": "Mutation", "fieldName": "postOrder", "kind": "PIPELINE"}
        appsync.update_resolver(
            **api, **field, runtime=RUNTIME, code=resolver["code"], pipelineConfig={"functions": used}
        )

    write(
        limit["code"].replace(OFF, f"const MOST_OPEN = {most};"),
        [*pipeline[:place], limit["functionId"], *pipeline[place:]],
    )
    try:
        yield
    finally:
        write(limit["code"], pipeline)
