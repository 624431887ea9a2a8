"""npm installs all locked packages, whatever its settings are, and runs none of their scripts."""

import json
import os
import shutil
import subprocess
import tarfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from deployment.repository_paths import ROOT

# What each package of the checkout has: a program, nothing, and an install script that must not run.
PACKAGES: Mapping[str, Mapping[str, object]] = {
    "machine": {"bin": {"node": "program.js"}},
    "tool": {"bin": {"tool": "program.js"}},
    "page": {"scripts": {"install": "touch ../../ran"}},
}
INSTALLED = {"node_modules/.bin/node", "node_modules/.bin/tool", "node_modules/page", "node_modules/web"}
NPM = shutil.which("npm") or "npm"


@pytest.fixture(scope="module")
def locked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A locked checkout with a workspace, whose packages need no network."""
    folder = tmp_path_factory.mktemp("locked")
    for name, more in PACKAGES.items():
        package = folder / "sources" / name / "package"
        package.mkdir(parents=True)
        (package / "package.json").write_text(json.dumps({"name": name, "version": "1.0.0", **more}))
        (package / "program.js").write_text("#!/usr/bin/env node\n")
        with tarfile.open(folder / f"{name}.tgz", "w:gz") as archive:
            archive.add(package, "package")
    developing = {name: f"file:{name}.tgz" for name in ("machine", "tool")}
    (folder / "web").mkdir()
    files = {
        "package.json": {"name": "all", "private": True, "workspaces": ["web"], "devDependencies": developing},
        "web/package.json": {"name": "web", "private": True, "dependencies": {"page": "file:../page.tgz"}},
    }
    for file, content in files.items():
        (folder / file).write_text(json.dumps(content))
    run(folder, [NPM, "install", "--package-lock-only", "--offline"]).check_returncode()
    shutil.copytree(ROOT / ".ci", folder / ".ci")
    return folder


@pytest.fixture
def checkout(locked: Path, tmp_path: Path) -> Path:
    """The checkout before its installation."""
    return shutil.copytree(locked, tmp_path / "checkout")


def run(folder: Path, command: list[str], **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a command in the folder without the settings of whoever runs the tests."""
    own = {key: value for key, value in os.environ.items() if not key.lower().startswith("npm_")}
    (folder / "npmrc").touch()
    none = {"npm_config_userconfig": str(folder / "npmrc"), "npm_config_globalconfig": os.devnull}
    return subprocess.run(
        command, cwd=folder, env={**own, **none, **variables}, check=False, capture_output=True, text=True
    )


def installed(checkout: Path) -> set[str]:
    return {name for name in INSTALLED if (checkout / name).exists()}


SETTINGS = {
    "omit": "dev",
    "bin-links": "false",
    "workspace": "web",
    "workspaces": "false",
    "dry-run": "true",
    "package-lock": "false",
    "package-lock-only": "true",
    "global": "true",
    "location": "global",
    "install-strategy": "linked",
    "usage": "true",
    "ignore-scripts": "false",
    "prefix": "/nowhere",
}


@pytest.mark.parametrize("name", SETTINGS)
def test_no_setting_has_npm_install_less_or_elsewhere(checkout: Path, name: str) -> None:
    (checkout / "npmrc").write_text(f"{name}={SETTINGS[name]}\n")

    done = run(checkout, [".ci/install-node"])

    assert (done.returncode, done.stderr) == (0, "")
    assert installed(checkout) == INSTALLED
    assert (checkout / "node_modules" / ".installed").exists()
    assert not (checkout / "ran").exists()


@pytest.mark.parametrize("prefix", ["npm_config_", "NPM_CONFIG_"])
def test_no_variable_has_npm_install_less_or_elsewhere(checkout: Path, prefix: str) -> None:
    # npm refuses two of them together.
    variables = {prefix + name.replace("-", "_"): value for name, value in SETTINGS.items() if name != "workspaces"}

    done = run(checkout, [".ci/install-node"], **variables)

    assert (done.returncode, done.stderr) == (0, "")
    assert installed(checkout) == INSTALLED


@pytest.mark.parametrize(
    "variables", [{"NODE_ENV": "production"}, {"NODE_OPTIONS": "--require=/nowhere"}], ids=["NODE_ENV", "NODE_OPTIONS"]
)
def test_no_variable_of_node_has_npm_install_less(checkout: Path, variables: dict[str, str]) -> None:
    done = run(checkout, [".ci/install-node"], **variables)

    assert (done.returncode, done.stderr) == (0, "")
    assert installed(checkout) == INSTALLED


@pytest.mark.parametrize(
    ("does", "missing"),
    [
        ("", "node_modules/machine/package.json"),
        ("mkdir -p node_modules/machine; touch node_modules/machine/package.json", "node_modules/page/package.json"),
        (f"'{NPM}' \"$@\" && rm node_modules/.bin/node", "node_modules/.bin/node"),
        (f"'{NPM}' \"$@\" && rm node_modules/web", "node_modules/web"),
    ],
    ids=["all", "page", "program", "workspace"],
)
def test_nothing_counts_as_installed_while_something_is_missing(checkout: Path, does: str, missing: str) -> None:
    programs = checkout / "programs"
    programs.mkdir()
    (programs / "npm").write_text(f"#!/bin/sh\n{does}\n")
    (programs / "npm").chmod(0o755)

    done = run(checkout, [".ci/install-node"], PATH=f"{programs}:{os.environ['PATH']}")

    assert done.returncode == 1
    assert done.stderr == f"npm ended well, but {missing} is missing: mend what `npm config ls` shows\n"
    assert not (checkout / "node_modules" / ".installed").exists()
