"""The API answers every query that the schema allows, with errors of the known types only."""

from typing import Any

import httpx
import hypothesis
from graphql import build_schema
from hypothesis.strategies import SearchStrategy, datetimes
from hypothesis_graphql import from_schema, nodes

from deployment.repository_paths import ROOT
from local.sign_in import sign_in
from tests.e2e.support.users import sign_up

SCHEMA = (ROOT / "schema.graphql").read_text(encoding="utf-8")
# Scalars and directives of AWS that the schema uses and AppSync defines.
DEFINED = (ROOT / "web" / "build" / "appsync.graphql").read_text(encoding="utf-8")
ERRORS = {
    *("InvalidInput", "OrderNotFound", "OrderConflict", "OrderNotChangeable", "UnknownMenuItem"),
    *("PriceChanged", "TooManyOpenOrders", "Unauthorized"),
}
MOMENTS = datetimes().map(lambda moment: nodes.String(f"{moment.isoformat()}Z"))
DOCUMENTS: SearchStrategy[str] = from_schema(build_schema(DEFINED + SCHEMA), custom_scalars={"AWSDateTime": MOMENTS})


def test_the_api_answers_whatever_the_schema_allows(outputs: dict[str, Any]) -> None:
    with sign_in(outputs, **sign_up(outputs)) as customer, httpx.Client(trust_env=False, timeout=30) as http:

        @hypothesis.settings(
            max_examples=300, deadline=None, derandomize=True, database=None,
            suppress_health_check=list(hypothesis.HealthCheck),
        )  # fmt: skip
        @hypothesis.given(DOCUMENTS)
        def asks(document: str) -> None:
            answer = http.post(
                outputs["graphql_url"], json={"query": document}, headers={"authorization": customer.token}
            )

            assert answer.status_code == 200, answer.text
            errors = answer.json().get("errors") or []
            assert {error.get("errorType") for error in errors} <= ERRORS, answer.text

        asks()
