"""The environment of the programs that a command starts: Terraform, cdktf and the synthesis.

Terraform and cdktf read variables that lead them to another state, to other resources or to another provider than the
command names. Of theirs only those on the list below get through.
"""

import json
import os
import pwd
import stat
import sys
import tempfile
from pathlib import Path

from deployment.loopback_without_proxy import without_proxy
from deployment.node_variables import OF_NODE
from deployment.repository_paths import BUILD
from environments.user_error import UserError

# What Terraform and cdktf read begins like this.
THEIRS = ("TF_", "TERRAFORM_", "CDKTF_", "SYNTH_HCL_OUTPUT")
# What they log, how they reach registries, and the one variable that the stacks have (README.md).
PASSED = ("TF_LOG", "CDKTF_LOG", "TF_REGISTRY_", "TF_TOKEN_", "TF_VAR_subscription_email")
# With the last, jsii loads another program, or waits for ever for a folder that can't be made.
MISLEADING = (*OF_NODE, "JSII_NODE", "JSII_RUNTIME")
# Below the home, where jsii keeps what it unpacked.
JSII_CACHE = "Library/Caches/com.amazonaws.jsii" if sys.platform == "darwin" else ".cache/aws/jsii/package-cache"
# Terraform meets its provider at a socket <TMPDIR>/plugin-dir<number>/plugin<number>, whose path has at most 103 bytes
# on macOS and 107 on Linux. The numbers have up to ten digits.
LONGEST_TMPDIR = 103 - len("/plugin-dir0123456789/plugin0123456789")
# Only the programs make files there, by names of their own.
SHORT_FOLDERS = ("/tmp", "/var/tmp")  # noqa: S108  # nosec B108
# Node.js goes by the nearest one above a script; this checkout's own says "module".
PACKAGE = "package.json"
SCRIPTS = "commonjs"
# Whoever sets one of these means something that the command wouldn't do: they are told so.
REFUSED = (
    "TF_WORKSPACE",
    "TF_DATA_DIR",
    "TF_CLI_ARGS",
    "TF_REATTACH_PROVIDERS",
    "TF_FORCE_LOCAL_BACKEND",
    "TF_AWS_",
    "CDKTF_CONTEXT_JSON",
)


def child_environment() -> dict[str, str]:
    """This process's environment without what changes the work of its programs, with folders that exist.

    Raises UserError as `refuse_variables` does, or when there is no folder for temporary files.
    """
    refuse_variables()
    passed = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(MISLEADING) and (name.startswith(PASSED) or not name.startswith(THEIRS))
    }
    own_home = home()
    own = {"HOME": own_home, "TMPDIR": _temporary(), "CDKTF_HOME": str(BUILD / "cdktf")}
    if not _is_usable_cache(Path(own_home) / JSII_CACHE):
        own["JSII_RUNTIME_PACKAGE_CACHE_ROOT"] = str(BUILD / "jsii")
    return without_proxy({**passed, **own})


def refuse_variables() -> None:
    """Raise UserError when a variable is set that would have Terraform or cdktf work on something else."""
    refused = [name for name, value in sorted(os.environ.items()) if value and name.startswith(REFUSED)]
    if refused:
        said = ", ".join(f"{name}={os.environ[name]!r}" for name in refused)
        raise UserError(f"{said} would change what this command works on: `unset {' '.join(refused)}`")


def home() -> str:
    """The user's home, where Terraform and AWS's SDKs find what they need; an empty one when there is none."""
    given = os.environ.get("HOME") or _home_of_the_user()
    if os.path.isabs(given) and os.path.isdir(given) and os.access(given, os.R_OK | os.X_OK):
        return given
    empty = BUILD / "home"
    empty.mkdir(parents=True, exist_ok=True)
    return str(empty)


def _temporary() -> str:
    """The folder for temporary files: that of TMPDIR, which Node.js takes as it is, or one that can be written.

    Another takes the place of a folder whose name is too long for a socket in it, or in which Node.js takes jsii's
    scripts for modules.
    """
    try:
        given = tempfile.gettempdir()
    except FileNotFoundError as error:
        raise UserError(f"TMPDIR: {error.strerror or error}") from error
    others = (folder for folder in SHORT_FOLDERS if os.access(folder, os.W_OK | os.X_OK))
    found = next((folder for folder in (given, *others) if _takes_sockets(folder) and _takes_scripts(folder)), None)
    return found or _own_temporary()


def _takes_sockets(folder: str) -> bool:
    return len(os.fsencode(folder)) <= LONGEST_TMPDIR


def _takes_scripts(folder: str) -> bool:
    """Return False if the nearest package.json makes modules of all scripts, or can't be read."""
    path = Path(folder).resolve()
    nearest = next((one for parent in (path, *path.parents) if (one := parent / PACKAGE).exists()), None)
    try:
        return nearest is None or json.loads(nearest.read_bytes()).get("type", SCRIPTS) == SCRIPTS
    except (OSError, ValueError, AttributeError):
        return False


def _own_temporary() -> str:
    own = BUILD / "temporary"
    own.mkdir(parents=True, exist_ok=True)
    (own / PACKAGE).write_text(json.dumps({"type": SCRIPTS}), encoding="utf-8")
    return str(own)


def _is_usable_cache(folder: Path) -> bool:
    """Return True if jsii can write in the folder, or make it, and nobody else can: else it waits for ever."""
    there = next(one for one in (folder, *folder.parents) if os.path.lexists(one)).resolve()
    try:
        with tempfile.TemporaryFile(dir=there):
            return all(_is_private(one.stat()) for one in (there, *there.parents))
    except OSError:
        return False


def _is_private(found: os.stat_result) -> bool:
    is_shared = found.st_mode & (stat.S_IWGRP | stat.S_IWOTH) and not found.st_mode & stat.S_ISVTX
    return found.st_uid in (0, os.getuid()) and not is_shared


def _home_of_the_user() -> str:
    try:
        return pwd.getpwuid(os.getuid()).pw_dir
    except KeyError:  # a container's user may be a number only
        return ""
