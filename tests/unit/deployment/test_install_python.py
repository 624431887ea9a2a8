"""pip installs the locked packages into the environment, whatever its settings are, and checks their hashes."""

import os
import re
import shutil
import subprocess
import sys
import venv
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from packaging.tags import sys_tags

from deployment.repository_paths import ROOT

# With each of these pip would install elsewhere, something else or nothing.
SETTINGS = {
    "user": "yes",
    "target": "{}/elsewhere",
    "prefix": "{}/elsewhere",
    "root": "{}/elsewhere",
    "dry-run": "yes",
    "python": "/nowhere/python",
    "constraint": "{}/nowhere.txt",
    "requirement": "{}/nowhere.txt",
    "editable": "{}/nowhere",
    "global-option": "--x",
    "no-deps": "yes",
}
# And with these pip itself refuses.
FOREIGN = {"platform": "win32", "abi": "cp39", "python-version": "3.6", "implementation": "pp"}
SCRIPTS = {"install-python": "requirements/dev.txt", "install-security": "requirements/security.txt"}


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A virtual environment with pip, beside a wheel for any Python and one for this machine's alone."""
    folder = tmp_path_factory.mktemp("python")
    venv.create(folder / "venv", with_pip=True)
    (folder / "wheels").mkdir()
    _wheel(folder / "wheels", "one", needs="two")
    _wheel(folder / "wheels", "two", tag=str(next(sys_tags())))
    return folder


def _wheel(folder: Path, name: str, *, needs: str = "", tag: str = "py3-none-any") -> None:
    with zipfile.ZipFile(folder / f"{name}-1.0-{tag}.whl", "w") as archive:
        archive.writestr(f"{name}.py", "")
        more = f"Requires-Dist: {needs}\n" if needs else ""
        about = f"{name}-1.0.dist-info"
        archive.writestr(f"{about}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n{more}")
        archive.writestr(f"{about}/WHEEL", f"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: {tag}\n")
        archive.writestr(f"{about}/RECORD", "")


def install(environment: Path, settings: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Install both packages anew, with a pip.conf that alone says where they are."""
    for path in (*environment.glob("venv/lib/python*/site-packages/one*"), *environment.glob("venv/**/two*")):
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    shutil.rmtree(environment / "elsewhere", ignore_errors=True)
    file = environment / "pip.conf"
    file.write_text(f"[global]\nfind-links = {environment / 'wheels'}\n{settings}")
    own = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")}
    return subprocess.run(
        ["bash", "-c", '. .ci/pip && install_with_pip "$@"', "", environment / "venv" / "bin" / "python", "one", "two"],
        cwd=ROOT,
        env={**own, "PIP_CONFIG_FILE": str(file), "PIP_NO_INDEX": "yes", **variables},
        capture_output=True,
        text=True,
        check=False,
    )


def installed(environment: Path) -> list[str]:
    found = environment.glob("venv/lib/python*/site-packages/*.py")
    return sorted(path.stem for path in found if path.stem in ("one", "two"))


@pytest.mark.parametrize("name", SETTINGS)
def test_no_line_of_pips_configuration_leads_it_elsewhere(environment: Path, name: str) -> None:
    done = install(environment, f"{name} = {SETTINGS[name].format(environment)}\n")

    assert (done.returncode, installed(environment)) == (0, ["one", "two"]), done.stderr
    assert not (environment / "elsewhere").exists()


@pytest.mark.parametrize("name", FOREIGN)
def test_a_foreign_platform_in_pips_configuration_is_refused(environment: Path, name: str) -> None:
    done = install(environment, f"{name} = {FOREIGN[name]}\n")

    assert (done.returncode, installed(environment)) == (1, [])
    assert "--python-version, --platform, --abi, or --implementation" in done.stderr


def test_no_variable_of_pip_leads_it_elsewhere(environment: Path) -> None:
    settings = {**SETTINGS, **FOREIGN, "report": "-", "of-a-later-release": "yes"}
    variables = {f"PIP_{name.upper().replace('-', '_')}": value for name, value in settings.items()}

    done = install(environment, "", **{name: value.format(environment) for name, value in variables.items()})

    assert (done.returncode, installed(environment)) == (0, ["one", "two"]), done.stderr
    assert not (environment / "elsewhere").exists()
    assert "pip_version" not in done.stdout


@pytest.mark.parametrize(
    "variables",
    [
        {"PIP_INDEX_URL": "https://index.example/simple"},
        {"PIP_EXTRA_INDEX_URL": "https://index.example/simple"},
        {"PIP_FIND_LINKS": "/wheels"},
        {"PIP_TRUSTED_HOST": "index.example"},
        {"PIP_PROXY": "http://proxy.example"},
        {"PIP_CERT": "/ca.pem"},
        {"PIP_CLIENT_CERT": "/client.pem"},
        {"PIP_DEFAULT_TIMEOUT": "60", "PIP_RETRIES": "9", "PIP_CACHE_DIR": "/cache"},
    ],
    ids=lambda variables: next(iter(variables)),
)
def test_the_way_to_an_index_is_the_users(tmp_path: Path, variables: Mapping[str, str]) -> None:
    python = tmp_path / "python"
    python.write_text('#!/bin/sh\n[ "$1" = -c ] || env\n')
    python.chmod(0o755)

    done = subprocess.run(
        ["bash", "-c", '. .ci/pip && install_with_pip "$@"', "", python, "one"],
        cwd=ROOT,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        check=True,
    )

    assert {f"{name}={value}" for name, value in variables.items()} <= set(done.stdout.splitlines())


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_package_is_installed_by_its_hash_alone(name: str) -> None:
    script = (ROOT / ".ci" / name).read_text(encoding="utf-8").replace("\\\n", " ")

    installing = re.findall(r"install_with_pip .*", script)

    assert len(installing) == 1
    assert "--require-hashes" in installing[0]
    assert re.search(rf"-r {SCRIPTS[name]}", installing[0])


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout with environments whose pip installs nothing, and says that it did."""
    shutil.copytree(ROOT / ".ci", tmp_path / ".ci")
    (tmp_path / "deployment").mkdir()
    for name in ("__init__.py", "installed_packages.py"):
        shutil.copy(ROOT / "deployment" / name, tmp_path / "deployment")
    (tmp_path / "requirements").mkdir()
    for folder in (".venv", ".build/security"):
        python = tmp_path / folder / "bin" / "python"
        python.parent.mkdir(parents=True)
        python.write_text(f'#!/bin/sh\n[ "$2" = pip ] || [ "$1" = -c ] || exec {sys.executable} "$@"\n')
        python.chmod(0o755)
        (tmp_path / folder / "lib" / "python3" / "site-packages").mkdir(parents=True)
    return tmp_path


@pytest.mark.parametrize(("name", "folder"), [("install-python", ".venv"), ("install-security", ".build/security")])
def test_nothing_counts_as_installed_before_it_is(checkout: Path, name: str, folder: str) -> None:
    file = checkout / SCRIPTS[name]
    pytest_version = pytest.__version__
    file.write_text(f"pytest=={pytest_version} \\\n    --hash=sha256:0\nabsent==1.0 \\\n    --hash=sha256:0\n")

    refused = subprocess.run([checkout / ".ci" / name], capture_output=True, text=True, check=False)

    said = f"pip ended well, but {folder}/ is not as {SCRIPTS[name]} says: absent: expected 1.0, got nothing"
    assert refused.returncode == 1
    assert refused.stderr.startswith(said)
    assert refused.stderr.count("\n") == 1
    assert not (checkout / folder / ".installed").exists()

    file.write_text(f"pytest=={pytest_version} \\\n    --hash=sha256:0\n")
    subprocess.run([checkout / ".ci" / name], check=True, capture_output=True)

    assert (checkout / folder / ".installed").exists()
