"""The machine and the versions that figures were measured on."""

import os
import platform
import subprocess
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version

import psutil

from bench.result_tables import table
from deployment.repository_paths import NODE, ROOT

_PACKAGES = ("ministack", "uvicorn", "httptools", "uvloop", "graphql-core", "quickjs", "cdktf", "jsii", "boto3")


def described() -> str:
    """Return a table of the day, the machine, how busy it is now, the versions and the commit."""
    memory = psutil.virtual_memory().total / 1024**3
    versions = [f"Python {platform.python_version()}", f"Node.js {_said(str(NODE), '--version').removeprefix('v')}"]
    versions += [f"{name} {_version(name)}" for name in _PACKAGES]
    machine = f"{psutil.cpu_count()} cores of {_processor()}, {memory:.0f} GB"
    rows = [
        ("machine", f"{machine}, {platform.system()} {platform.release()}"),
        ("load at the start", f"{os.getloadavg()[0]:.1f}; above 1 other programs ran too"),
        ("versions", ", ".join(versions)),
        ("commit", _said("git", "describe", "--always", "--dirty") or "unknown"),
    ]
    return table(["measured", f"{datetime.now(UTC):%Y-%m-%d}"], rows)


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "-"


def _processor() -> str:
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            found = [line.partition(":")[2].strip() for line in file if line.startswith("model name")]
    except OSError:
        found = []
    return found[0] if found else platform.processor() or platform.machine()


def _said(*command: str) -> str:
    try:
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()
    except OSError:
        return ""
