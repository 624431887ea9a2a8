"""The machine and the versions that figures were measured on."""

import os
import platform
import subprocess
from importlib.metadata import PackageNotFoundError, version

import psutil

from deployment.checkout import NODE, ROOT

_PACKAGES = ("ministack", "uvicorn", "httptools", "uvloop", "graphql-core", "quickjs", "cdktf", "jsii", "boto3")


def described() -> list[str]:
    """Return a line on the machine, one on how busy it is now, one on the versions and one on the commit."""
    memory = psutil.virtual_memory().total / 1024**3
    versions = [f"Python {platform.python_version()}", f"Node.js {_said(str(NODE), '--version').removeprefix('v')}"]
    versions += [f"{name} {_version(name)}" for name in _PACKAGES]
    return [
        f"{psutil.cpu_count()} cores of {_processor()}, {memory:.0f} GB, {platform.system()} {platform.release()}",
        f"load {os.getloadavg()[0]:.1f} at the start; above 1 other programs ran too",
        ", ".join(versions),
        f"commit {_said('git', 'describe', '--always', '--dirty') or 'unknown'}",
    ]


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
