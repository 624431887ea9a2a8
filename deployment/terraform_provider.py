"""The provider of the stacks, the only one that may run, and the committed lock of its packages."""

import re
import shutil
from collections.abc import Mapping
from pathlib import Path

from deployment.repository_paths import ROOT

ADDRESS = "registry.terraform.io/hashicorp/aws"
VERSION = "5.100.0"
LOCK = ROOT / ".terraform.lock.hcl"
# `make lock` writes behind a hash which platform's package it is of; Terraform reads that as a comment.
PACKAGE = re.compile(r'^ *"(h1:[\w+/=]+)", # (\w+)$', re.MULTILINE)
LOCKED = re.compile(r'^ *provider "([^"]*)"', re.MULTILINE)
# cdktf runs `terraform init` itself: Terraform takes the option from the environment.
READ_ONLY = {"TF_CLI_ARGS_init": "-lockfile=readonly"}


def locked_packages(text: str | None = None) -> dict[str, str]:
    """The hashes of a lock by platform, of the committed one unless another is given."""
    if text is None:
        text = LOCK.read_text(encoding="utf-8") if LOCK.exists() else ""
    return {platform: hash_ for hash_, platform in PACKAGE.findall(text)}


def write_lock(folder: Path, environment: Mapping[str, str]) -> None:
    """Put the committed lock beside a stack, for a Terraform with this environment.

    Where that isn't held to it, the folder keeps its own, unless that has other providers.
    """
    own = folder / LOCK.name
    if READ_ONLY.items() <= environment.items():
        shutil.copyfile(LOCK, own)
    elif own.exists() and set(LOCKED.findall(own.read_text(encoding="utf-8"))) - {ADDRESS}:
        own.unlink()
