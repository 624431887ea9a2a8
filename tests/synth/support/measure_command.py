"""Run a command and measure it: `python measure_command.py <file> <command> …`.

It is a process of its own, because Linux counts the memory of the process that forked into the
child's peak.
"""

import json
import resource
import subprocess
import sys


def main(report: str, *command: str) -> int:
    """Run the command; write its CPU seconds and the peak bytes of its largest process."""
    code = subprocess.run(command, check=False).returncode
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    unit = 1 if sys.platform == "darwin" else 1024
    with open(report, "w", encoding="utf-8") as file:
        json.dump({"cpu_seconds": usage.ru_utime + usage.ru_stime, "peak_bytes": usage.ru_maxrss * unit}, file)
    return code


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
