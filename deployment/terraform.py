"""Find Terraform and its AWS provider: where this machine has them, else at HashiCorp, checked."""

import os
import shutil
from functools import cache
from pathlib import Path
from typing import Any

from deployment import terraform_cli_configuration
from deployment.child_environment import home
from deployment.repository_paths import BUILD
from deployment.terraform_cli_configuration import Methods, UnreadableConfiguration
from deployment.terraform_provider import ADDRESS, LOCK, READ_ONLY, locked_packages
from deployment.terraform_provider import VERSION as PROVIDER_VERSION
from deployment.terraform_release import VERSION, own_platform, pinned_terraform
from deployment.terraform_version import version_and_platform
from deployment.warning_output import print_warning

LEAST = (1, 10)
PROVIDER = Path(ADDRESS, PROVIDER_VERSION)
# Where machines without a way to the registry keep a mirror of it: in one of these, or in a folder of one.
SYSTEM_PREFIXES = ("/opt", "/usr/local/share", "/usr/share", "/usr/local/lib", "/usr/lib", "/var/lib", "/srv")
# The folders of the home that Terraform takes for mirrors when no configuration says anything else.
HOME_MIRRORS = (
    ".terraform.d/plugins",
    ".local/share/terraform/plugins",
    "Library/Application Support/io.terraform/plugins",
)


def find_terraform() -> Path:
    """The Terraform to use: the machine's own if it is new enough, else the pinned release, fetched once."""
    own = shutil.which("terraform")
    if own and version_and_platform(Path(own))[0] >= LEAST:
        return Path(own)
    return pinned_terraform(BUILD / "terraform" / VERSION)


def terraform_environment() -> dict[str, str]:
    """The variables that make Terraform and cdktf quiet, and install the stacks' provider and no other.

    It comes from where the user's CLI configuration says, else from a mirror on this machine, else from the registry.
    """
    terraform = find_terraform()
    BUILD.mkdir(exist_ok=True)
    mirror = find_mirror()
    users = _users_configuration(terraform, needed=mirror is None)
    found: Methods = [("filesystem_mirror", {"path": str(mirror)})] if mirror else [("direct", {})]
    methods = terraform_cli_configuration.methods_for_our_provider(users) or found
    variables = {
        "TERRAFORM_BINARY_NAME": str(terraform),
        "CHECKPOINT_DISABLE": "1",
        "DISABLE_VERSION_CHECK": "1",
        "TF_IN_AUTOMATION": "1",
        # Over one that `terraform workspace select` wrote into a stack's folder: states have one workspace.
        "TF_WORKSPACE": "default",
        "TF_CLI_CONFIG_FILE": str(terraform_cli_configuration.write_configuration(users, methods, to=BUILD)),
        # Else cdktf would make a cache in the home.
        "CDKTF_DISABLE_PLUGIN_CACHE_ENV": "1",
        **_lock_options(version_and_platform(terraform)[1] or own_platform()),
    }
    if any(kind != "filesystem_mirror" for kind, _ in methods):
        variables["TF_PLUGIN_CACHE_DIR"] = _plugin_cache(users.get("plugin_cache_dir", ""))
    return variables


def _users_configuration(terraform: Path, *, needed: bool) -> dict[str, Any]:
    """The user's CLI configuration; where it isn't needed, one that can't be read is passed over."""
    try:
        return terraform_cli_configuration.read_user_configuration(terraform)
    except UnreadableConfiguration:
        if needed:
            raise
        return {}


def _lock_options(platform_: str) -> dict[str, str]:
    """The variables that hold Terraform to the committed lock where that has its platform; else a line says so."""
    if platform_ in locked_packages():
        return READ_ONLY
    _warn_of_missing_lock(platform_)
    return {}


@cache
def _warn_of_missing_lock(platform_: str) -> None:
    print_warning(
        f"{LOCK.name} has no hash of {ADDRESS} {PROVIDER_VERSION} for {platform_},"
        " so its package is not compared with one; `make lock` adds it where the registry answers"
    )


def _plugin_cache(configured: str) -> str:
    """The user's folder of downloaded providers, or one in the checkout."""
    for given in (os.environ.get("TF_PLUGIN_CACHE_DIR", ""), os.path.expandvars(configured)):
        if os.path.isabs(given) and os.path.isdir(given):
            return given
    own = BUILD / "terraform-plugins"
    own.mkdir(exist_ok=True)
    return str(own)


def find_mirror() -> Path | None:
    """The folder of this machine that has a mirror of the stacks' provider, if any."""
    for prefix in map(Path, SYSTEM_PREFIXES):
        for root in (prefix, *sorted(prefix.glob("*")), *sorted(prefix.glob("*/*"))):
            if (root / PROVIDER).is_dir():
                return root
    return next((root for root in map(Path(home()).joinpath, HOME_MIRRORS) if (root / PROVIDER).is_dir()), None)
