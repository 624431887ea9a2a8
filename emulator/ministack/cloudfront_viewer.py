"""CloudFront's data plane, as a viewer of a deployed distribution sees it; MiniStack's own."""

from collections.abc import Iterable
from typing import Any

from ministack.services import cloudfront

from emulator.ministack.http_request import Request

# CloudFront ends TLS at its edges, and redirects plain HTTP or refuses it. Here this process is the
# edge.
AT_THE_EDGE = {"x-forwarded-proto": "https"}
Header = tuple[bytes, bytes]


async def view(distribution_id: str, request: Request, *, query_string: str) -> tuple[int, list[Header], bytes] | None:
    """Return the distribution's status, headers and body; None if there is no such distribution."""
    distribution = cloudfront._distributions.get(distribution_id)
    if distribution is None:
        return None
    status, headers, body = await cloudfront.handle_viewer_request(
        distribution,
        request.method,
        request.path,
        request.raw_path,
        query_string,
        {**request.headers, **AT_THE_EDGE},
        b"",
        dict(request.query),
    )
    return int(status), list(_rendered(headers)), bytes(body)


def _rendered(headers: dict[str, Any]) -> Iterable[Header]:
    for name, value in headers.items():
        for one in value if isinstance(value, list) else [value]:
            yield name.lower().encode("latin-1"), str(one).encode("latin-1", "replace")
