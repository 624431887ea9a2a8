"""Memory and number of a process and all its descendants, read from `ps` (Linux and macOS)."""

import json
import subprocess
import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

SAMPLE_SECONDS = 0.2


@dataclass
class Peak:
    """The highest values seen. Memory that processes share counts for each of them."""

    processes: int = 0
    resident_megabytes: float = 0.0
    samples: int = 0

    def add(self, resident_kilobytes: list[int]) -> None:
        """Add a sample: the resident memory of each process."""
        self.processes = max(self.processes, len(resident_kilobytes))
        self.resident_megabytes = max(self.resident_megabytes, sum(resident_kilobytes) / 1024)
        self.samples += 1


def server_pid(directory: Path) -> int:
    """Return the process id that `make status` checks."""
    return int(json.loads((directory / "run.json").read_text(encoding="utf-8"))["pid"])


@contextmanager
def watching(pid: int) -> Iterator[Peak]:
    """Sample the process and its descendants while the block runs."""
    peak, done = Peak(), threading.Event()

    def watch() -> None:
        while not done.wait(SAMPLE_SECONDS):
            peak.add(_family(pid))

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield peak
    finally:
        done.set()
        thread.join()


def _family(pid: int) -> list[int]:
    told = subprocess.run(["ps", "-axo", "pid=,ppid=,rss="], capture_output=True, text=True, check=True).stdout
    children: dict[int, list[int]] = defaultdict(list)
    resident: dict[int, int] = {}
    for line in told.splitlines():
        child, parent, kilobytes = map(int, line.split())
        children[parent].append(child)
        resident[child] = kilobytes
    found, family = [pid], []
    while found:
        member = found.pop()
        family.append(resident[member])
        found += children[member]
    return family
