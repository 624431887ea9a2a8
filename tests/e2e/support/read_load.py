"""Many clients that read at once. They use little CPU, because the server runs beside them."""

import asyncio
import json
import time
from collections.abc import Mapping
from urllib.parse import SplitResult, urlsplit


class Readers:
    """Clients with a connection each, which send the same query again and again."""

    def __init__(self, url: str, queries: Mapping[str, str], *, clients: int) -> None:
        """Share the queries out among the clients. `queries` has one for each customer's token."""
        address = urlsplit(url)
        self._host, self._port = address.hostname, address.port
        requests = [_request(address, token, query) for token, query in queries.items()]
        self._requests = [requests[number % len(requests)] for number in range(clients)]
        self._connections: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []
        self.failed = 0

    async def connect(self) -> None:
        """Open the connections before the measurement."""
        for _ in self._requests:
            self._connections.append(await asyncio.open_connection(self._host, self._port))

    async def close(self) -> None:
        """Close the connections."""
        for _, writer in self._connections:
            writer.close()
            await writer.wait_closed()

    async def reads_per_second(self, seconds: float) -> float:
        """Read for a while; return the rate. `failed` counts the answers that weren't data."""
        start = time.perf_counter()
        done = 0

        async def client(request: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            nonlocal done
            while time.perf_counter() - start < seconds:
                writer.write(request)
                self.failed += not _is_data(*await _answer(reader))
                done += 1

        pairs = zip(self._requests, self._connections, strict=True)
        await asyncio.gather(*(client(request, *connection) for request, connection in pairs))
        return done / (time.perf_counter() - start)


def _request(address: SplitResult, token: str, query: str) -> bytes:
    body = json.dumps({"query": query})
    return (
        f"POST {address.path} HTTP/1.1\r\nhost: {address.netloc}\r\nauthorization: {token}\r\n"
        f"content-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n{body}"
    ).encode()


async def compare(few: Readers, many: Readers, *, rounds: int, seconds: float) -> tuple[list[float], list[float]]:
    """Measure both by turns; return their rates.

    Each goes first as often as the other, so that other work on the machine slows both down.
    """
    rates: dict[Readers, list[float]] = {few: [], many: []}
    for readers in rates:
        await readers.connect()
        await readers.reads_per_second(seconds / 4)  # warm up
    for number in range(rounds):
        for readers in (few, many) if number % 2 else (many, few):
            rates[readers].append(await readers.reads_per_second(seconds))
    for readers in rates:
        await readers.close()
    return rates[few], rates[many]


async def _answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
    status, *headers = head.split("\r\n")
    (length,) = (int(line.partition(":")[2]) for line in headers if line.startswith("content-length:"))
    return int(status.split()[1]), await reader.readexactly(length)


def _is_data(status: int, body: bytes) -> bool:
    answer = json.loads(body)
    return status == 200 and "errors" not in answer and all(answer["data"].values())
