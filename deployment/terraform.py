"""Find Terraform and its AWS provider: on this machine where they are, else from HashiCorp, checked."""

import hashlib
import io
import os
import platform
import re
import shutil
import stat
import subprocess
import tempfile
import urllib.error
import urllib.request
import zipfile
from collections.abc import Mapping
from pathlib import Path

from deployment.checkout import BUILD
from deployment.child_environment import child_environment
from environments.user_error import UserError

VERSION = "1.11.4"
LEAST = (1, 10)
# Names of Terraform's CLI configuration file, today's and the first one.
CONFIGURATION = ("TF_CLI_CONFIG_FILE", "TERRAFORM_CONFIG")
UNREADABLE = re.compile(r"problems with the CLI configuration:.*?Error: ([^\n]+)", re.DOTALL)
PROVIDER = Path("registry.terraform.io/hashicorp/aws/5.100.0")
# Published as terraform_1.11.4_SHA256SUMS.
SHA256 = {
    "darwin_amd64": "a56d5002b9f7647291faccc3dd1a70350e60fb61e4c45037629508b8fdc2575b",
    "darwin_arm64": "867e0808fa971217043e25b7a792b10720c79b1546f8a68479b74f138be73e18",
    "linux_amd64": "1ce994251c00281d6845f0f268637ba50c0005657eb3cf096b92f753b42ef4dc",
    "linux_arm64": "a43d1d0da9b9bab214a8305a39db0e40869572594ccf50c416a7756499143633",
}
# Where machines without a way to the registry keep a mirror of it: in one of these, or in a folder of one.
SYSTEM_PREFIXES = ("/opt", "/usr/local/share", "/usr/share", "/usr/local/lib", "/usr/lib", "/var/lib", "/srv")


def find_terraform() -> Path:
    """The Terraform to use: the machine's own if it is new enough, else the pinned release, fetched once."""
    fetched = BUILD / "terraform" / VERSION / "terraform"
    for candidate in (shutil.which("terraform"), str(fetched)):
        if candidate and Path(candidate).exists() and _version(candidate) >= LEAST:
            return Path(candidate)
    return _fetch(fetched)


def terraform_environment() -> dict[str, str]:
    """The variables that make Terraform and cdktf quiet, and find the provider without a network where they can."""
    terraform = find_terraform()
    variables = {
        "TERRAFORM_BINARY_NAME": str(terraform),
        "CHECKPOINT_DISABLE": "1",
        "DISABLE_VERSION_CHECK": "1",
        "TF_IN_AUTOMATION": "1",
        # Over one that `terraform workspace select` wrote into a stack's folder: states have one workspace.
        "TF_WORKSPACE": "default",
    }
    BUILD.mkdir(exist_ok=True)
    mirror = _find_mirror()
    if mirror:
        # The lock file gets the checksums of the mirror's platforms only; without the flag cdktf asks the registry.
        variables["TF_CLI_ARGS_providers_lock"] = f"-fs-mirror={mirror}"
        variables["TF_CLI_CONFIG_FILE"] = str(_mirror_configuration(mirror))
        # cdktf would make a cache in the home; a mirror needs none.
        variables["CDKTF_DISABLE_PLUGIN_CACHE_ENV"] = "1"
    else:
        variables["TF_PLUGIN_CACHE_DIR"] = _plugin_cache()
        variables |= _configuration_of_the_user(terraform)
    return variables


def _version(terraform: str) -> tuple[int, ...]:
    said = _ask_version(terraform, {"TF_CLI_CONFIG_FILE": os.devnull}).stdout
    found = re.match(r"Terraform v(\d+)\.(\d+)", said)
    return tuple(int(part) for part in found.groups()) if found else (0, 0)


def _ask_version(terraform: str | Path, variables: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    environment = {**child_environment(), "CHECKPOINT_DISABLE": "1", **variables}
    return subprocess.run([terraform, "version"], capture_output=True, text=True, check=False, env=environment)


def _plugin_cache() -> str:
    """The user's folder of downloaded providers, or one in the checkout."""
    given = os.environ.get("TF_PLUGIN_CACHE_DIR", "")
    if os.path.isabs(given) and os.path.isdir(given):
        return given
    own = BUILD / "terraform-plugins"
    own.mkdir(exist_ok=True)
    return str(own)


def _configuration_of_the_user(terraform: Path) -> dict[str, str]:
    """The variable that names the user's CLI configuration, unless the file is missing: Terraform would only warn.

    Raises UserError when Terraform can't read that file, or the one in the home: it would go on without it.
    """
    given = next((file for file in map(os.environ.get, CONFIGURATION) if file), "")
    variables = {CONFIGURATION[0]: os.path.abspath(given)} if os.path.exists(given) else {}
    unreadable = UNREADABLE.search(_ask_version(terraform, variables).stderr)
    if unreadable:
        remedy = f"mend it, or `unset {' '.join(CONFIGURATION)}`" if variables else "mend it"
        raise UserError(f"Terraform's CLI configuration can't be used: {unreadable[1].strip()}; {remedy}")
    return variables


def _fetch(target: Path) -> Path:
    system, machine = platform.system().lower(), platform.machine().lower()
    name = f"{system}_{ {'x86_64': 'amd64', 'aarch64': 'arm64'}.get(machine, machine) }"
    if name not in SHA256:
        raise UserError(f"Terraform {VERSION} isn't fetched for {name}: install Terraform 1.10 or newer yourself")
    url = f"https://releases.hashicorp.com/terraform/{VERSION}/terraform_{VERSION}_{name}.zip"
    try:
        with urllib.request.urlopen(url, timeout=60) as answer:
            archive = answer.read()
    except (OSError, urllib.error.URLError) as error:
        raise UserError(
            f"Terraform 1.10 or newer is not on the PATH and {url} can't be reached ({error}):"
            " install Terraform, or connect to the network and try again"
        ) from error
    _unpack(archive, url, SHA256[name], target)
    return target


def _unpack(archive: bytes, url: str, expected: str, target: Path) -> None:
    got = hashlib.sha256(archive).hexdigest()
    if got != expected:
        raise UserError(f"{url} has the SHA-256 {got}, expected {expected}: nothing was installed")
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_suffix(".partial")
    partial.write_bytes(zipfile.ZipFile(io.BytesIO(archive)).read("terraform"))
    partial.chmod(partial.stat().st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)
    partial.replace(target)


def _find_mirror() -> Path | None:
    for prefix in map(Path, SYSTEM_PREFIXES):
        for root in (prefix, *sorted(prefix.glob("*")), *sorted(prefix.glob("*/*"))):
            if (root / PROVIDER).is_dir():
                return root
    return None


def _mirror_configuration(mirror: Path) -> Path:
    path = BUILD / "terraform.tfrc"
    text = f"""provider_installation {{
  filesystem_mirror {{
    path    = "{mirror}"
    include = ["registry.terraform.io/hashicorp/aws"]
  }}
  direct {{
    exclude = ["registry.terraform.io/hashicorp/aws"]
  }}
}}
"""
    # Others read it meanwhile: a Terraform that finds half of it would go to the registry or fail.
    with tempfile.NamedTemporaryFile("w", dir=BUILD, suffix=".partial", delete=False, encoding="utf-8") as partial:
        partial.write(text)
    Path(partial.name).replace(path)
    return path
