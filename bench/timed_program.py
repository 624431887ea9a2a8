"""Runs a program, and counts the time that it and the programs it waits for take."""

import os
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryFile

from environments.user_error import UserError


def timed(command: Sequence[str], *, folder: Path, environment: Mapping[str, str]) -> dict[str, float]:
    """Run it and return `seconds` and `seconds of processor time`; UserError with its last line when it fails."""
    with TemporaryFile() as said:
        began = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=said, stderr=subprocess.STDOUT
        )
        try:
            _, status, used = os.wait4(process.pid, 0)
        except BaseException:
            process.kill()
            process.wait()
            raise
        seconds = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            said.seek(0)
            last = said.read().decode(errors="replace").strip().splitlines() or [f"exit code {process.returncode}"]
            raise UserError(f"{' '.join(command[:4])} failed: {last[-1]}")
    return {"seconds": seconds, "seconds of processor time": used.ru_utime + used.ru_stime}
