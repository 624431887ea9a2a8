"""The process may open more files than a shell gives it."""

import asyncio
import resource

import pytest

from emulator.ministack.idle_connections import CONNECTIONS_MAX, FILES_MAX, IdleConnections, raise_open_files

UNLIMITED = resource.RLIM_INFINITY


class Socket(asyncio.Transport):
    """A socket that can be closed, whatever waits to be read."""

    closed = False

    def abort(self) -> None:
        self.closed = True


@pytest.mark.parametrize(
    ("given", "raised"),
    [
        ((256, UNLIMITED), [(FILES_MAX, UNLIMITED)]),
        ((1024, 1_048_576), [(FILES_MAX, 1_048_576)]),
        ((1024, 4096), [(4096, 4096)]),
        ((20_000, 20_000), []),
        ((UNLIMITED, UNLIMITED), []),
    ],
)
def test_open_files_are_raised_as_far_as_the_system_lets_them(
    monkeypatch: pytest.MonkeyPatch, given: tuple[int, int], raised: list[tuple[int, int]]
) -> None:
    done: list[tuple[int, int]] = []
    monkeypatch.setattr(resource, "getrlimit", lambda _: given)
    monkeypatch.setattr(resource, "setrlimit", lambda _, limits: done.append(limits))

    raise_open_files()

    assert done == raised


def test_connections_that_wait_leave_files_for_the_rest() -> None:
    assert CONNECTIONS_MAX < FILES_MAX // 2


@pytest.mark.parametrize(("files", "expected"), [(256, 64), (1_024, 256), (10_240, 1_000), (UNLIMITED, 1_000)])
def test_where_few_files_may_be_open_fewer_connections_wait(
    monkeypatch: pytest.MonkeyPatch, files: int, expected: int
) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda _: (files, files))
    idle = IdleConnections()
    sockets = [Socket() for _ in range(1_500)]

    for socket in sockets:
        idle.add(socket)

    assert sum(not socket.closed for socket in sockets) == expected
