"""Reads the answer of a Terraform that is asked for its version: the version, its platform, and complaints."""

import os
import re
import subprocess
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from deployment.child_environment import child_environment


@cache
def version_and_platform(terraform: Path) -> tuple[tuple[int, ...], str]:
    """The version, (0, 0) when the program is no Terraform, and the platform, for example `linux_amd64`."""
    said = ask_version(terraform, {"TF_CLI_CONFIG_FILE": os.devnull}).stdout
    found = re.match(r"Terraform v(\d+)\.(\d+)\S*(?:\non (\w+))?", said)
    return ((int(found[1]), int(found[2])), found[3] or "") if found else ((0, 0), "")


def ask_version(terraform: Path, variables: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """Run `terraform version` with these variables besides those that it may inherit."""
    environment = {**child_environment(), "CHECKPOINT_DISABLE": "1", **variables}
    return subprocess.run([terraform, "version"], capture_output=True, text=True, check=False, env=environment)
