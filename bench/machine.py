"""The machine and the versions that figures were measured on."""

import os
import platform
import subprocess
from importlib.metadata import PackageNotFoundError, version

import psutil

from deployment.checkout import ROOT

_PACKAGES = ("ministack", "uvicorn", "httptools", "uvloop", "graphql-core", "quickjs", "boto3", "cryptography")


def described() -> str:
    """Return one line on the machine and one on the versions."""
    memory = psutil.virtual_memory().total / 1024**3
    load = os.getloadavg()[0]
    machine = (
        f"{psutil.cpu_count()} cores of {_processor()}, {memory:.0f} GB, {platform.system()} {platform.release()},"
        f" load {load:.1f} at the start"
    )
    versions = [f"Python {platform.python_version()}", *(f"{name} {_version(name)}" for name in _PACKAGES)]
    return f"{machine}\n{', '.join(versions)}, commit {_commit()}"


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


def _commit() -> str:
    command = ["git", "describe", "--always", "--dirty"]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return told.stdout.strip() or "unknown"
