"""Many clients that read at once, as lightly as possible: they share the machine with the server."""

import asyncio
import json
import time
from urllib.parse import urlsplit


async def reads_per_second(url: str, token: str, query: str, *, clients: int, seconds: float) -> tuple[float, int]:
    """Read for a while; how fast, and how many answers were anything but data."""
    address, body = urlsplit(url), json.dumps({"query": query})
    request = (
        f"POST {address.path} HTTP/1.1\r\nhost: {address.netloc}\r\nauthorization: {token}\r\n"
        f"content-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n{body}"
    ).encode()
    start = time.perf_counter()

    async def client() -> list[bool]:
        reader, writer = await asyncio.open_connection(address.hostname, address.port)
        answers = []
        while time.perf_counter() - start < seconds:
            writer.write(request)
            answers.append(_is_data(*await _answer(reader)))
        writer.close()
        await writer.wait_closed()
        return answers

    answers = [answer for found in await asyncio.gather(*(client() for _ in range(clients))) for answer in found]
    return len(answers) / (time.perf_counter() - start), answers.count(False)


async def _answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
    status, *headers = head.split("\r\n")
    (length,) = (int(line.partition(":")[2]) for line in headers if line.startswith("content-length:"))
    return int(status.split()[1]), await reader.readexactly(length)


def _is_data(status: int, body: bytes) -> bool:
    answer = json.loads(body)
    return status == 200 and "errors" not in answer and all(answer["data"].values())
