"""Build the Lambda package: one zip, the same bytes for the same sources on every machine."""

import hashlib
import importlib.metadata
import os
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from environments.user_error import UserError

# Files in which two installations by pip differ.
INSTALLER_FILES = {"INSTALLER", "RECORD", "REQUESTED", "direct_url.json"}
EPOCH = (1980, 1, 1, 0, 0, 0)


class PackagingError(UserError):
    """The package can't be built; the message is the line to print."""


@dataclass(frozen=True)
class Package:
    """A zip on disk and the SHA-256 of its bytes, in hexadecimal."""

    path: Path
    sha256: str


def build_package(*, source: Path, requirements: Path, output: Path) -> Package:
    """Zip the source folder's packages, and what is imported of the pinned distributions.

    `lambda.files.txt` beside `lambda.txt` lists the imported files. Entries are sorted, dated 1980
    and stored without compression: deflate's output depends on the version of zlib.
    """
    imported = requirements.with_suffix(".files.txt")
    listed = set(imported.read_text(encoding="utf-8").split())
    distributed = dict(_distributions(requirements))
    if missing := sorted(listed - distributed.keys()):
        raise PackagingError(f"{imported.name} lists {missing[0]}, which no distribution of {requirements.name} has")
    shipped = [(name, path) for name, path in distributed.items() if name in listed or _is_metadata(name)]
    entries = dict(sorted([*_sources(source), *shipped]))
    output.parent.mkdir(parents=True, exist_ok=True)
    partial = output.with_suffix(f".{os.getpid()}.partial")  # two runs may build at the same time
    with zipfile.ZipFile(partial, "w", zipfile.ZIP_STORED) as archive:
        for name, path in entries.items():
            info = zipfile.ZipInfo(name, date_time=EPOCH)
            info.external_attr = 0o100644 << 16
            info.create_system = 3  # Unix, also for a build on Windows
            archive.writestr(info, path.read_bytes())
    partial.replace(output)
    return Package(path=output, sha256=hashlib.sha256(output.read_bytes()).hexdigest())


def _sources(folder: Path) -> Iterator[tuple[str, Path]]:
    for path in folder.rglob("*"):
        name = path.relative_to(folder)
        of_a_tool = any(part.startswith(".") or part == "__pycache__" for part in name.parts)
        if path.is_file() and path.suffix in {".py", ".json"} and not of_a_tool:
            yield name.as_posix(), path


def _is_metadata(name: str) -> bool:
    """Return True if the file says what a distribution is, and under which licence."""
    return name.partition("/")[0].endswith(".dist-info")


def _distributions(requirements: Path) -> Iterator[tuple[str, Path]]:
    for name, version in re.findall(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", requirements.read_text(encoding="utf-8"), re.M):
        try:
            distribution = importlib.metadata.distribution(name)
        except importlib.metadata.PackageNotFoundError:
            raise PackagingError(f"{name}=={version} is not installed: run `make install`") from None
        if distribution.version != version:
            raise PackagingError(
                f"{name} {distribution.version} is installed, {requirements.name} pins {version}: run `make install`"
            )
        for file in distribution.files or []:
            if file.suffix in {".so", ".pyd"}:
                raise PackagingError(f"{name} holds {file}, which runs on this machine's processor only")
            if "__pycache__" not in file.parts and ".." not in file.parts and file.name not in INSTALLER_FILES:
                yield file.as_posix(), Path(str(file.locate()))
