"""Requests in the shape that Chromium gives them, from the page at the local server's root or from elsewhere."""

from collections.abc import Mapping
from typing import Any

import httpx

Headers = dict[str, str]
COGNITO = "AWSCognitoIdentityProviderService"


class Page:
    """What a page of some origin sends to the local run; by default the run's own page."""

    def __init__(self, outputs: Mapping[str, Any], *, origin: str | None = None, site: str = "same-origin") -> None:
        self._outputs = outputs
        self._address = str(outputs["web_url"]).rstrip("/")
        self._origin = origin or self._address
        self._site = site

    def headers(self, *, mode: str = "cors", destination: str = "empty") -> Headers:
        """What the browser adds by itself."""
        fetched = {"sec-fetch-site": self._site, "sec-fetch-mode": mode, "sec-fetch-dest": destination}
        return {"origin": self._origin, "referer": f"{self._origin}/", "user-agent": "Mozilla/5.0", **fetched}

    def get(self, path: str, **headers: str) -> httpx.Response:
        """Fetch something of the page's own origin; Chromium sends no Origin with that."""
        own = {name: value for name, value in self.headers().items() if name != "origin"}
        return httpx.get(f"{self._address}{path}", headers={**own, **headers})

    def graphql(self, token: str, query: str) -> httpx.Response:
        """Ask the API."""
        return httpx.post(
            self._outputs["graphql_url"], json={"query": query}, headers={**self.headers(), "authorization": token}
        )

    def cognito(self, operation: str, **request: Any) -> httpx.Response:
        """Call one of Cognito's public operations as its SDKs for browsers do, without a signature."""
        said = {"content-type": "application/x-amz-json-1.1", "x-amz-target": f"{COGNITO}.{operation}"}
        request = {"ClientId": self._outputs["user_pool_client_id"], **request}
        return httpx.post(f"{self._address}/", json=request, headers={**self.headers(), **said})
