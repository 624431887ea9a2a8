"""The process may open more files than a shell gives it."""

import resource

import pytest

from emulator.ministack.idle_connections import CONNECTIONS_MAX, FILES_MAX, raise_open_files

UNLIMITED = resource.RLIM_INFINITY


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
