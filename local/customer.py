"""A customer of the API: signs in with Cognito and speaks GraphQL."""

from collections.abc import Mapping
from typing import Any, Self

import httpx

from environments.user_error import UserError
from local.deploy import client

ORDER_FIELDS = "id name quantity restaurantId unitPrice total currency status failureReason version changeableUntil"


class GraphqlError(Exception):
    """The API answered with errors; the first one's type and message."""

    def __init__(self, errors: list[dict[str, Any]]) -> None:
        self.type = errors[0].get("errorType")
        super().__init__(f"{self.type}: {errors[0].get('message')}")


class Customer:
    """Somebody who is signed in and can order; a context manager that closes the connection."""

    def __init__(self, outputs: Mapping[str, Any], *, username: str, password: str) -> None:
        answer = client("cognito-idp", outputs).admin_initiate_auth(
            UserPoolId=outputs["user_pool_id"],
            ClientId=outputs["user_pool_client_id"],
            AuthFlow="ADMIN_USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": username, "PASSWORD": password},
        )
        self.token: str = answer["AuthenticationResult"]["IdToken"]
        self._http = httpx.Client(headers={"authorization": self.token}, timeout=30, trust_env=False)
        self._url = outputs["graphql_url"]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def execute(self, query: str, **variables: Any) -> dict[str, Any]:
        """Run a GraphQL document and return its data; raises GraphqlError."""
        body = self.answer(query, **variables)
        if body.get("errors"):
            raise GraphqlError(body["errors"])
        return dict(body["data"])

    def answer(self, query: str, **variables: Any) -> dict[str, Any]:
        """Run a GraphQL document and return all of the answer, its errors too."""
        answer = self._http.post(self._url, json={"query": query, "variables": variables})
        try:
            return dict(answer.json())
        except ValueError as error:
            raise UserError(f"{self._url} answered {answer.status_code} without JSON") from error

    def post_order(self, **order: Any) -> dict[str, Any]:
        """Place an order and return it."""
        mutation = f"mutation Post($input: OrderInput!) {{ postOrder(input: $input) {{ {ORDER_FIELDS} }} }}"
        return dict(self.execute(mutation, input=order)["postOrder"])

    def order(self, id_: str) -> dict[str, Any]:
        """Look at an order."""
        query = f"query Order($id: String!) {{ order(id: $id) {{ {ORDER_FIELDS} }} }}"
        return dict(self.execute(query, id=id_)["order"])
