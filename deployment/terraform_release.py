"""The pinned release of Terraform, for machines that have none: fetched and compared with its checksum."""

import hashlib
import io
import platform
import stat
import urllib.error
import urllib.request
import zipfile
from functools import cache
from pathlib import Path

from environments.named_errors import naming
from environments.user_error import UserError

VERSION = "1.11.4"
# Published as terraform_1.11.4_SHA256SUMS.
SHA256 = {
    "darwin_amd64": "a56d5002b9f7647291faccc3dd1a70350e60fb61e4c45037629508b8fdc2575b",
    "darwin_arm64": "867e0808fa971217043e25b7a792b10720c79b1546f8a68479b74f138be73e18",
    "linux_amd64": "1ce994251c00281d6845f0f268637ba50c0005657eb3cf096b92f753b42ef4dc",
    "linux_arm64": "a43d1d0da9b9bab214a8305a39db0e40869572594ccf50c416a7756499143633",
}


def own_platform() -> str:
    """This machine as Terraform would call it."""
    system, machine = platform.system().lower(), platform.machine().lower()
    return f"{system}_{ {'x86_64': 'amd64', 'aarch64': 'arm64'}.get(machine, machine) }"


def pinned_terraform(folder: Path) -> Path:
    """Return the release's program, kept in the folder with its archive; both are compared each time.

    Whoever can write the folder, or a cache that it came from, would else choose what runs. Raises UserError.
    """
    name = own_platform()
    if name not in SHA256:
        raise UserError(f"Terraform {VERSION} isn't fetched for {name}: install Terraform 1.10 or newer yourself")
    return _compared(folder, f"terraform_{VERSION}_{name}.zip", SHA256[name])


@cache
def _compared(folder: Path, name: str, expected: str) -> Path:
    kept, program = folder / name, folder / "terraform"
    archive = kept.read_bytes() if kept.exists() else b""
    if hashlib.sha256(archive).hexdigest() != expected:
        archive = _fetch(f"https://releases.hashicorp.com/terraform/{VERSION}/{name}", expected)
        _write(kept, archive)
    packed = zipfile.ZipFile(io.BytesIO(archive)).read("terraform")
    if not program.exists() or program.read_bytes() != packed:
        _write(program, packed)
    return program


def _fetch(url: str, expected: str) -> bytes:
    try:
        with urllib.request.urlopen(url, timeout=60) as answer:  # noqa: S310  # nosec B310  # https alone
            archive: bytes = answer.read()
    except (OSError, urllib.error.URLError) as error:
        raise UserError(
            f"Terraform 1.10 or newer is not on the PATH and {url} can't be reached ({error}):"
            " install Terraform, or connect to the network and try again"
        ) from error
    got = hashlib.sha256(archive).hexdigest()
    if got != expected:
        raise UserError(f"{url} has the SHA-256 {got}, expected {expected}: nothing was installed")
    return archive


def _write(path: Path, content: bytes) -> None:
    """Write a file that can be run, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    with naming(path):
        partial.write_bytes(content)
    partial.chmod(partial.stat().st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)
    partial.replace(path)
