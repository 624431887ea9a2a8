"""WebSockets without compression: it costs 100 KB and more for each connection, which is idle most of the time.

hypercorn has no setting for it, and answers each client that offers it. AppSync doesn't compress either.
"""

from hypercorn.protocol import ws_stream
from wsproto.extensions import PerMessageDeflate


class _Declined(PerMessageDeflate):
    """The extension, which no client gets."""

    def accept(self, _offer: str) -> bool | str | None:
        return None


def decline_compression() -> None:
    """Let the server's WebSockets be uncompressed."""
    vars(ws_stream)["PerMessageDeflate"] = _Declined
