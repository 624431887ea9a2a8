"""Lock the stacks' provider for all platforms: `python -m deployment.provider_lock`, which `make lock` runs.

Each platform is locked by itself, because only then it is known whose hash is whose.
"""

import json
import re
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from deployment.cdktf import cdktf_environment
from deployment.run_command import run
from deployment.terraform import find_mirror
from deployment.terraform_provider import ADDRESS, LOCK, VERSION, locked_packages
from environments.atomic_file import write_atomically

PLATFORMS = ("linux_amd64", "linux_arm64", "darwin_amd64", "darwin_arm64")
CONFIGURATION = {"terraform": {"required_providers": {"aws": {"source": ADDRESS, "version": VERSION}}}}
# Of an unpacked package, as it stands in a mirror; and of the archives of all platforms, which the registry names.
UNPACKED = re.compile(r'"(h1:[\w+/=]+)"')
ARCHIVE = re.compile(r'"(zh:[0-9a-f]+)"')


def lock_provider() -> list[str]:
    """Write the committed lock anew and return the platforms that aren't in it; what it had of this version stays."""
    before = LOCK.read_text(encoding="utf-8") if LOCK.exists() else ""
    if f'"{VERSION}"' not in before:
        before = ""
    packages, archives = locked_packages(before), set(ARCHIVE.findall(before))
    for platform, text in _locks():
        packages[platform] = UNPACKED.findall(text)[0]
        archives |= set(ARCHIVE.findall(text))
    write_atomically(LOCK, _written(packages, sorted(archives)))
    return [platform for platform in PLATFORMS if platform not in packages]


def _locks() -> Iterator[tuple[str, str]]:
    """Yield the platforms whose package can be had, each with the lock that Terraform makes of it."""
    environment, mirror = cdktf_environment({}), find_mirror()
    answers = True
    for platform in PLATFORMS:
        text = _lock_of(platform, environment) if answers else None
        answers = text is not None  # a registry that didn't answer isn't asked again
        if text is None and mirror:
            text = _lock_of(platform, environment, f"-fs-mirror={mirror}")
        if text is not None:
            yield platform, text


def _lock_of(platform: str, environment: Mapping[str, str], *source: str) -> str | None:
    """The lock of one platform's package, of the registry's unless another source is named; None when it has none."""
    with tempfile.TemporaryDirectory(prefix="provider-lock-") as name:
        folder = Path(name)
        (folder / "main.tf.json").write_text(json.dumps(CONFIGURATION), encoding="utf-8")
        command = [environment["TERRAFORM_BINARY_NAME"], "providers", "lock", f"-platform={platform}", *source]
        done = subprocess.run(command, cwd=folder, env=dict(environment), capture_output=True, check=False)
        return None if done.returncode else (folder / LOCK.name).read_text(encoding="utf-8")


def _written(packages: Mapping[str, str], archives: Sequence[str]) -> str:
    hashes = [f'    "{packages[platform]}", # {platform}\n' for platform in PLATFORMS if platform in packages]
    hashes += [f'    "{archive}",\n' for archive in archives]
    return (
        "# `make lock` writes this file: the provider of all stacks, with the hash of its package for each platform.\n"
        f'\nprovider "{ADDRESS}" {{\n  version     = "{VERSION}"\n  constraints = "{VERSION}"\n'
        f"  hashes = [\n{''.join(hashes)}  ]\n}}\n"
    )


def main(_arguments: Sequence[str] = ()) -> int:
    """Lock what can be had, and name what can't."""
    left = lock_provider()
    if left:
        print(f"{LOCK.name} is without {', '.join(left)}: neither the registry nor a mirror here gave its package")
    return 0


if __name__ == "__main__":
    run(main)
