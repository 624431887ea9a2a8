"""Text of others is harmless in the server's log."""

import io
import logging
import threading

import pytest

from emulator.ministack import log_lines
from emulator.ministack.log_lines import CHARACTERS_MAX, LINES_A_MINUTE, FewAlike

FORMAT = "%(levelname)s [%(name)s] %(message)s"


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """The log of a server."""
    stream, root = io.StringIO(), logging.getLogger()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logging.Formatter(FORMAT))
    monkeypatch.setattr(root, "handlers", [handler])
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    log_lines.apply()
    return stream


def log() -> logging.Logger:
    return logging.getLogger("emulator.test")


def test_a_message_is_one_line_that_no_terminal_obeys(written: io.StringIO) -> None:
    log().error("%s: %s", "Mutation.placeOrder", "a\u202eb\x1b[31m\nERROR forged \u2028 \ud800 é 例\n")

    assert written.getvalue() == (
        "ERROR [emulator.test] Mutation.placeOrder: a\\u202eb\\x1b[31m\\nERROR forged \\u2028 \\ud800 é 例\n"
    )


def test_a_traceback_has_its_lines_and_no_more_power(written: io.StringIO) -> None:
    try:
        raise ValueError("a\u202eb")
    except ValueError:
        log().exception("it fails\n")

    first, second, *_, last = written.getvalue().splitlines()
    assert (first, second) == ("ERROR [emulator.test] it fails", "Traceback (most recent call last):")
    assert last == "ValueError: a\\u202eb"


def test_a_line_has_some_length(written: io.StringIO) -> None:
    log().error("%s", "x" * 100_000)

    assert len(written.getvalue()) < CHARACTERS_MAX + 100


def test_what_repeats_does_not_fill_the_disk_and_other_lines_are_written(
    written: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 1_000.0
    monkeypatch.setattr(logging.getLogger().handlers[0], "filters", [FewAlike(lambda: now)])

    for number in range(10 * LINES_A_MINUTE):
        log().error("refused %d", number)
    log().error("another")
    now += 61
    log().error("refused later")

    lines = written.getvalue().splitlines()
    assert len(lines) == LINES_A_MINUTE + 2
    assert lines[LINES_A_MINUTE - 1].endswith("refused 99 (what follows from here in this minute is left out)")
    assert [line.rpartition("] ")[2] for line in lines[-2:]] == ["another", "refused later"]


def test_a_thread_that_fails_is_in_the_log_like_all_else(written: io.StringIO) -> None:
    def fail() -> None:
        raise ValueError("a\u202eb")

    thread = threading.Thread(target=fail, name="reader")
    thread.start()
    thread.join()

    assert written.getvalue().startswith("ERROR [emulator.ministack.log_lines] reader ends\nTraceback ")
    assert written.getvalue().endswith("ValueError: a\\u202eb\n")
