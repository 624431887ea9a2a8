"""Terraform and its provider are found, or else downloaded and checked. Errors are one line."""

import hashlib
import io
import json
import platform
import stat
import urllib.error
import urllib.request
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from deployment import terraform, terraform_release
from deployment.terraform import PROVIDER, find_terraform, terraform_environment
from deployment.terraform_release import SHA256, VERSION
from environments.user_error import UserError

URL = f"https://releases.hashicorp.com/terraform/{VERSION}/terraform_{VERSION}_linux_amd64.zip"
AWS = "registry.terraform.io/hashicorp/aws"
Fetched = list[str]
REASON = "Error reading /tmp/x: read /tmp/x: is a directory"
UNREADABLE = f"""There are some problems with the CLI configuration:
╷
│ Error: {REASON}
│
╵

As a result of the above problems, Terraform may not behave as intended.
"""


def archive(binary: bytes = b"terraform") -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        # A ZipInfo is dated 1980. A plain name gets the current time, so two archives could differ.
        file.writestr(zipfile.ZipInfo("LICENSE.txt"), "…")
        file.writestr(zipfile.ZipInfo("terraform"), binary)
    return packed.getvalue()


@pytest.fixture(autouse=True)
def fetched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Fetched:
    """A machine without Terraform, and the files that it downloaded from HashiCorp."""
    asked: Fetched = []

    def urlopen(url: str, timeout: float) -> io.BytesIO:
        asked.append(url)
        return io.BytesIO(archive())

    terraform_release._compared.cache_clear()
    monkeypatch.setattr(terraform, "BUILD", tmp_path / "build")
    monkeypatch.setattr(terraform, "SYSTEM_PREFIXES", (str(tmp_path / "opt"), str(tmp_path / "usr")))
    monkeypatch.setattr(terraform_release, "SHA256", SHA256 | {"linux_amd64": hashlib.sha256(archive()).hexdigest()})
    monkeypatch.setattr(platform, "system", lambda: "Linux")
    monkeypatch.setattr(platform, "machine", lambda: "x86_64")
    monkeypatch.setattr(urllib.request, "urlopen", urlopen)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    for name in ("TF_CLI_CONFIG_FILE", "TERRAFORM_CONFIG", "TF_PLUGIN_CACHE_DIR"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "home").mkdir()
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    return asked


@pytest.fixture
def install(tmp_path: Path) -> Callable[[str], Path]:
    """Put a Terraform on the PATH that prints this version."""

    def put(said: str) -> Path:
        path = tmp_path / "bin" / "terraform"
        path.parent.mkdir()
        path.write_text(f"#!/bin/sh\necho '{said}'\n")
        path.chmod(0o755)
        return path

    return put


@pytest.mark.parametrize("said", ["Terraform v1.10.0", "Terraform v1.11.4\non linux_amd64", "Terraform v2.0.0-beta1"])
def test_a_terraform_that_is_new_enough_is_used(install: Callable[[str], Path], fetched: Fetched, said: str) -> None:
    installed = install(said)

    assert find_terraform() == installed
    assert fetched == []


@pytest.mark.parametrize("said", ["Terraform v1.9.8", "Terraform v0.15.5", "OpenTofu v1.10.0", ""])
def test_a_terraform_that_is_too_old_or_another_is_replaced_by_the_pinned_one(
    install: Callable[[str], Path], fetched: Fetched, tmp_path: Path, said: str
) -> None:
    install(said)

    found = find_terraform()

    assert found == tmp_path / "build" / "terraform" / VERSION / "terraform"
    assert fetched == [URL]


def test_the_fetched_terraform_can_be_run(tmp_path: Path) -> None:
    found = find_terraform()

    assert found.read_bytes() == b"terraform"
    assert found.stat().st_mode & stat.S_IXUSR
    assert {path.name for path in found.parent.iterdir()} == {"terraform", URL.rpartition("/")[2]}


@pytest.mark.parametrize("changed", ["terraform", URL.rpartition("/")[2]])
def test_what_is_kept_of_it_is_compared_again_before_it_runs(fetched: Fetched, changed: str) -> None:
    found = find_terraform()
    (found.parent / changed).write_bytes(b"#!/bin/sh\necho somebody else's\n")
    terraform_release._compared.cache_clear()  # another process

    again = find_terraform()

    assert again.read_bytes() == b"terraform"
    assert fetched == [URL] * (1 if changed == "terraform" else 2)


def test_it_is_fetched_once(monkeypatch: pytest.MonkeyPatch, fetched: Fetched) -> None:
    runnable = archive(b"#!/bin/sh\necho Terraform v1.11.4\n")

    def urlopen(url: str, timeout: float) -> io.BytesIO:
        fetched.append(url)
        return io.BytesIO(runnable)

    monkeypatch.setattr(terraform_release, "SHA256", {"linux_amd64": hashlib.sha256(runnable).hexdigest()})
    monkeypatch.setattr(urllib.request, "urlopen", urlopen)

    found = [find_terraform(), find_terraform()]

    assert found[0] == found[1]
    assert fetched == [URL]


@pytest.mark.parametrize(
    ("system", "machine", "name"),
    [
        ("Linux", "aarch64", "linux_arm64"),
        ("Linux", "x86_64", "linux_amd64"),
        ("Darwin", "arm64", "darwin_arm64"),
        ("Darwin", "x86_64", "darwin_amd64"),
    ],
)
def test_the_release_for_this_machine_is_fetched(
    monkeypatch: pytest.MonkeyPatch, fetched: Fetched, system: str, machine: str, name: str
) -> None:
    monkeypatch.setattr(terraform_release, "SHA256", {name: hashlib.sha256(archive()).hexdigest()})
    monkeypatch.setattr(platform, "system", lambda: system)
    monkeypatch.setattr(platform, "machine", lambda: machine)

    find_terraform()

    assert fetched == [URL.replace("linux_amd64", name)]


def test_the_pinned_checksums_are_sha256_of_four_machines() -> None:
    assert sorted(SHA256) == ["darwin_amd64", "darwin_arm64", "linux_amd64", "linux_arm64"]
    assert {len(bytes.fromhex(digest)) for digest in SHA256.values()} == {32}
    assert len(set(SHA256.values())) == 4


def test_a_release_with_another_checksum_is_not_installed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(terraform_release, "SHA256", SHA256)

    with pytest.raises(UserError) as error:
        find_terraform()

    got = hashlib.sha256(archive()).hexdigest()
    assert str(error.value) == (f"{URL} has the SHA-256 {got}, expected {SHA256['linux_amd64']}: nothing was installed")
    assert not (tmp_path / "build").exists()


@pytest.mark.parametrize("failure", [urllib.error.URLError("no route"), TimeoutError("no route"), OSError("no route")])
def test_without_terraform_and_network_one_line_says_so(monkeypatch: pytest.MonkeyPatch, failure: Exception) -> None:
    def urlopen(url: str, timeout: float) -> io.BytesIO:
        raise failure

    monkeypatch.setattr(urllib.request, "urlopen", urlopen)

    with pytest.raises(UserError) as error:
        find_terraform()

    assert str(error.value) == (
        f"Terraform 1.10 or newer is not on the PATH and {URL} can't be reached ({failure}):"
        " install Terraform, or connect to the network and try again"
    )


def test_a_machine_without_a_pinned_release_is_told_so(monkeypatch: pytest.MonkeyPatch, fetched: Fetched) -> None:
    monkeypatch.setattr(platform, "system", lambda: "FreeBSD")

    with pytest.raises(UserError) as error:
        find_terraform()

    assert str(error.value) == (
        f"Terraform {VERSION} isn't fetched for freebsd_amd64: install Terraform 1.10 or newer yourself"
    )
    assert fetched == []


@pytest.fixture
def installed(install: Callable[[str], Path]) -> Path:
    """A Terraform for a platform that the committed lock has."""
    return install("Terraform v1.11.4\non linux_amd64")


@pytest.fixture
def mirror(tmp_path: Path) -> Path:
    """A mirror of the provider on this machine."""
    (tmp_path / "opt" / PROVIDER).mkdir(parents=True)
    return tmp_path / "opt"


def installation(variables: dict[str, str]) -> Any:
    """Return the provider installation of a Terraform with these variables."""
    return json.loads(Path(variables["TF_CLI_CONFIG_FILE"]).read_text(encoding="utf-8"))["provider_installation"]


@pytest.mark.parametrize(
    "place",
    ["opt", "opt/mirror", "usr/terraform/mirror", "home/.terraform.d/plugins", "home/.local/share/terraform/plugins"],
)
def test_a_mirror_of_the_provider_is_used_where_it_is(installed: Path, tmp_path: Path, place: str) -> None:
    mirror = tmp_path / place
    (mirror / PROVIDER).mkdir(parents=True)

    variables = terraform_environment()

    (configuration,) = (tmp_path / "build").iterdir()
    assert variables == {
        "TERRAFORM_BINARY_NAME": str(installed),
        "CHECKPOINT_DISABLE": "1",
        "DISABLE_VERSION_CHECK": "1",
        "TF_IN_AUTOMATION": "1",
        "TF_WORKSPACE": "default",
        "TF_CLI_ARGS_init": "-lockfile=readonly",
        "TF_CLI_CONFIG_FILE": str(configuration),
        "CDKTF_DISABLE_PLUGIN_CACHE_ENV": "1",
    }
    assert installation(variables) == {"filesystem_mirror": [{"path": str(mirror), "include": [AWS]}]}


@pytest.mark.usefixtures("installed", "mirror")
def test_who_reads_the_configuration_meanwhile_never_reads_half_of_it(tmp_path: Path) -> None:
    file = Path(terraform_environment()["TF_CLI_CONFIG_FILE"])

    with file.open(encoding="utf-8") as reader:
        terraform_environment()
        file.write_text("another's")
        found = reader.read()

    assert json.loads(found)
    assert list((tmp_path / "build").iterdir()) == [file]


@pytest.mark.usefixtures("installed")
def test_a_mirror_without_the_pinned_provider_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "opt" / "mirror" / PROVIDER.parent / "5.99.0").mkdir(parents=True)

    assert installation(terraform_environment()) == {"direct": [{"include": [AWS]}]}


@pytest.mark.usefixtures("installed")
def test_without_a_mirror_the_provider_and_no_other_is_downloaded_once(tmp_path: Path) -> None:
    variables = terraform_environment()

    assert variables["TF_PLUGIN_CACHE_DIR"] == str(tmp_path / "build" / "terraform-plugins")
    assert Path(variables["TF_PLUGIN_CACHE_DIR"]).is_dir()
    assert installation(variables) == {"direct": [{"include": [AWS]}]}


def test_a_platform_that_is_not_locked_is_one_line_and_takes_what_it_is_given(
    install: Callable[[str], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    install("Terraform v1.11.4\non plan9_amd64")
    terraform._warn_of_missing_lock.cache_clear()

    found = [terraform_environment(), terraform_environment()]

    assert not any("TF_CLI_ARGS_init" in variables for variables in found)
    assert capsys.readouterr().err == (
        f"warning: .terraform.lock.hcl has no hash of {AWS} 5.100.0 for plan9_amd64, so its package is not compared"
        " with one; `make lock` adds it where the registry answers\n"
    )


@pytest.mark.usefixtures("installed")
def test_the_users_own_cache_of_providers_is_used(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TF_PLUGIN_CACHE_DIR", str(tmp_path))

    assert terraform_environment()["TF_PLUGIN_CACHE_DIR"] == str(tmp_path)


@pytest.mark.usefixtures("installed")
def test_the_cache_that_the_users_configuration_names_is_used(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "home" / ".terraformrc").write_text('plugin_cache_dir = "$HOME/cache"\n')
    (tmp_path / "home" / "cache").mkdir()

    assert terraform_environment()["TF_PLUGIN_CACHE_DIR"] == str(tmp_path / "home" / "cache")


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize("given", ["{}/missing", "relative"])
def test_a_cache_that_is_no_folder_is_not_used(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, given: str) -> None:
    monkeypatch.setenv("TF_PLUGIN_CACHE_DIR", given.format(tmp_path))

    assert terraform_environment()["TF_PLUGIN_CACHE_DIR"] == str(tmp_path / "build" / "terraform-plugins")


@pytest.mark.usefixtures("installed", "mirror")
@pytest.mark.parametrize("name", ["TF_CLI_CONFIG_FILE", "TERRAFORM_CONFIG"])
def test_the_users_own_mirror_goes_before_the_machines(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    (tmp_path / "own" / AWS).mkdir(parents=True)
    text = f'provider_installation {{\n filesystem_mirror {{\n path = "{tmp_path}/own"\n }}\n}}\n'
    (tmp_path / "own.tfrc").write_text(text)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(name, "own.tfrc")

    variables = terraform_environment()

    assert installation(variables) == {"filesystem_mirror": [{"path": str(tmp_path / "own"), "include": [AWS]}]}


@pytest.mark.usefixtures("installed", "mirror")
@pytest.mark.parametrize("given", ["{}/missing.tfrc", "/dev/null/x", "{}"])
def test_a_mirror_makes_up_for_a_configuration_that_is_missing_or_cannot_be_read(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, given: str
) -> None:
    monkeypatch.setenv("TF_CLI_CONFIG_FILE", given.format(tmp_path))

    assert installation(terraform_environment())["filesystem_mirror"][0]["path"] == str(tmp_path / "opt")


@pytest.mark.parametrize(
    ("named", "remedy"),
    [(True, "mend it, or `unset TF_CLI_CONFIG_FILE TERRAFORM_CONFIG`"), (False, "mend it")],
)
def test_a_configuration_that_terraform_cannot_read_is_one_line(
    installed: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, named: bool, remedy: str
) -> None:
    installed.write_text(f"#!/bin/sh\necho Terraform v1.11.4\n/bin/cat >&2 <<'EOF'\n{UNREADABLE}\nEOF\n")
    if named:
        monkeypatch.setenv("TF_CLI_CONFIG_FILE", str(tmp_path))
    else:
        (tmp_path / "home" / ".terraformrc").mkdir()

    with pytest.raises(UserError) as error:
        terraform_environment()

    assert str(error.value) == f"Terraform's CLI configuration can't be used: {REASON}; {remedy}"
