"""HTTP requests as Chromium sends them, from the local run's page or from another origin."""

from collections.abc import Mapping
from typing import Any

import httpx

Headers = dict[str, str]
COGNITO = "AWSCognitoIdentityProviderService"


class Page:
    """A page that sends requests to the local run. Its origin is the run's own by default."""

    def __init__(self, outputs: Mapping[str, Any], *, origin: str | None = None, site: str = "same-origin") -> None:
        self._outputs = outputs
        self._address = str(outputs["web_url"]).rstrip("/")
        self._origin = origin or self._address
        self._site = site

    def headers(self, *, mode: str = "cors", destination: str = "empty") -> Headers:
        """Return the headers that the browser adds."""
        fetched = {"sec-fetch-site": self._site, "sec-fetch-mode": mode, "sec-fetch-dest": destination}
        return {"origin": self._origin, "referer": f"{self._origin}/", "user-agent": "Mozilla/5.0", **fetched}

    def get(self, path: str, **headers: str) -> httpx.Response:
        """Fetch a path of the page's own origin. Chromium sends no Origin header with that."""
        own = {name: value for name, value in self.headers().items() if name != "origin"}
        return httpx.get(f"{self._address}{path}", headers={**own, **headers})

    def graphql(self, token: str, query: str) -> httpx.Response:
        """Send a GraphQL query to the API."""
        return httpx.post(
            self._outputs["graphql_url"], json={"query": query}, headers={**self.headers(), "authorization": token}
        )

    def cognito(self, operation: str, **request: Any) -> httpx.Response:
        """Call a public operation of Cognito as its SDKs for browsers do, without a signature."""
        said = {"content-type": "application/x-amz-json-1.1", "x-amz-target": f"{COGNITO}.{operation}"}
        request = {"ClientId": self._outputs["user_pool_client_id"], **request}
        return httpx.post(f"{self._address}/", json=request, headers={**self.headers(), **said})
