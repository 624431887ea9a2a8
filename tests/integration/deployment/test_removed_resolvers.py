"""A function and a data source are removed together with their use, in one deployment."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from deployment.repository_paths import ROOT
from deployment.stack import Stack
from local.server_process import Server
from tests.integration.support.state_backend import aws_variables

# Synthesizes an API with the stacks' own component, once for each of the given wirings.
PROGRAM = """
import json, sys
from types import SimpleNamespace
from stacks.synth import lazy_bindings
lazy_bindings.activate()
from cdktf import App
from environments.settings import settings_of
from stacks.components.graphql_api import GraphqlApi, RequestLimits
from stacks.synth.environment_stack import EnvironmentStack

CODE = "export const request = (ctx) => ({}); export const response = (ctx) => ctx.result;"

class Small(EnvironmentStack):
    def __init__(self, app, name, wiring):
        super().__init__(app, name, settings=settings_of("local"))
        api = GraphqlApi(
            self, "api", name="removals", account=self._account, schema="type Query { one: String two: String }",
            users=SimpleNamespace(id="us-east-1_pool", client_id="client"),
            limits=RequestLimits(introspection=True, query_depth=5, resolver_count=10), field_log_level="ERROR",
            log_retention_days=1,
        )
        for source in wiring["sources"]:
            api.add_none_source(source)
        for function, source in wiring["functions"].items():
            api.add_function(function, code=CODE, source=source)
        for field, functions in wiring["fields"].items():
            api.add_resolver(field, code=CODE, source=None, functions=functions)

app = App(outdir=sys.argv[1])
for name, wiring in json.loads(sys.argv[2]).items():
    Small(app, name, wiring)
app.synth()
"""
WIRINGS = {
    "before": {
        "sources": ["old", "new"],
        "functions": {"kept": "old", "dropped": "old"},
        "fields": {"Query.one": ["kept", "dropped"], "Query.two": ["dropped"]},
    },
    # Removes a field, a function that another field uses too, and a remaining function's source.
    "after": {"sources": ["new"], "functions": {"kept": "new"}, "fields": {"Query.one": ["kept"]}},
}


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """Terraform's document of each wiring, with its state beside it."""
    output = tmp_path_factory.mktemp("wirings")
    command = [sys.executable, "-c", PROGRAM, str(output), json.dumps(WIRINGS)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    found = {name: json.loads((output / "stacks" / name / "cdk.tf.json").read_text()) for name in WIRINGS}
    for document in found.values():
        del document["terraform"]["backend"]
    return found


@pytest.fixture
def stack(tmp_path: Path, emulator: Server, documents: dict[str, dict[str, Any]]) -> Stack:
    """A folder in which Terraform can apply the documents."""
    stack = Stack(name="removals", folder=tmp_path, aws=aws_variables(emulator))
    stack.file.write_text(json.dumps(documents["before"]))
    stack.initialize(quiet=True)
    return stack


def apply(stack: Stack, document: dict[str, Any]) -> None:
    stack.file.write_text(json.dumps(document))
    stack.read_terraform("apply", "-auto-approve", "-input=false", "-no-color")


def deployed(emulator: Server) -> tuple[list[str], list[str]]:
    """Return the names of the functions and of the data sources."""
    client = emulator.client("appsync")
    (api_id,) = (api["apiId"] for api in client.list_graphql_apis()["graphqlApis"] if api["name"] == "removals")
    functions = client.list_functions(apiId=api_id)["functions"]
    sources = client.list_data_sources(apiId=api_id)["dataSources"]
    return sorted(one["name"] for one in functions), sorted(one["name"] for one in sources)


def test_what_is_left_out_goes_after_what_used_it(
    stack: Stack, emulator: Server, documents: dict[str, dict[str, Any]]
) -> None:
    apply(stack, documents["before"])
    before = deployed(emulator)

    apply(stack, documents["after"])

    assert before == (["dropped", "kept"], ["new", "old"])
    assert deployed(emulator) == (["kept"], ["new"])
