"""A customer of the API, who is signed in and speaks GraphQL."""

from typing import Any, Self

import httpx

from deployment.loopback_without_proxy import proxies_for
from environments.user_error import UserError
from verify.token_claims import claims_of

ORDER_FIELDS = "id name quantity restaurantId unitPrice total currency status failureReason version changeableUntil"


class GraphqlError(Exception):
    """The API answered with errors; the first one's type and message."""

    def __init__(self, errors: list[dict[str, Any]]) -> None:
        self.type = errors[0].get("errorType")
        super().__init__(f"{self.type}: {errors[0].get('message')}")


class Customer:
    """Somebody who can order with a token; a context manager that closes the connection."""

    def __init__(self, graphql_url: str, token: str) -> None:
        self.token = token
        # A proxy that the user's environment names is for AWS, and never for a server on this machine.
        is_far = proxies_for(graphql_url) is None
        self._http = httpx.Client(headers={"authorization": token}, timeout=30, trust_env=is_far)
        self._url = graphql_url

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    @property
    def user_id(self) -> str:
        """Return the id that the customer's rows are filed under."""
        return str(claims_of(self.token)["sub"])

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

    def cancel_order(self, id_: str) -> None:
        """Cancel an order that can still be changed."""
        self.execute("mutation Cancel($id: String!) { cancelOrder(id: $id) { id } }", id=id_)

    def order(self, id_: str) -> dict[str, Any]:
        """Look at an order."""
        query = f"query Order($id: String!) {{ order(id: $id) {{ {ORDER_FIELDS} }} }}"
        return dict(self.execute(query, id=id_)["order"])

    def orders(self) -> list[dict[str, Any]]:
        """List the newest orders."""
        return list(self.execute(f"query Orders {{ orders {{ {ORDER_FIELDS} }} }}")["orders"])

    def dishes(self) -> list[dict[str, Any]]:
        """List what can be ordered now, of all restaurants."""
        restaurants = self.execute("query Restaurants { restaurants { id } }")["restaurants"]
        query = (
            "query Menu($id: String!) { menu(restaurantId: $id) { restaurantId name unitPrice currency available } }"
        )
        menus = (self.execute(query, id=restaurant["id"])["menu"] for restaurant in restaurants)
        return [dish for menu in menus for dish in menu if dish["available"]]
