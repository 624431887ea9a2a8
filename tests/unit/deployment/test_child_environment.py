"""Terraform, cdktf and the synthesis get a clean environment and an existing home."""

import json
import os
import pwd
import tempfile
from pathlib import Path
from typing import Any, NoReturn

import pytest

from deployment import child_environment as subject
from deployment.child_environment import child_environment
from deployment.node_variables import OF_NODE
from environments.user_error import UserError

OTHERS = ("TF_", "TERRAFORM_", "CDKTF_")


@pytest.fixture(autouse=True)
def build(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A checkout with its own build folder, and a user who has set no variables."""
    monkeypatch.setattr(subject, "BUILD", tmp_path / "build")
    for name in [name for name in os.environ if name.startswith(OTHERS)]:
        monkeypatch.delenv(name)
    return tmp_path / "build"


@pytest.mark.parametrize(
    "name",
    [
        "TF_WORKSPACE",
        "TF_DATA_DIR",
        "TF_CLI_ARGS",
        "TF_CLI_ARGS_plan",
        "TF_CLI_ARGS_providers_lock",
        "TF_REATTACH_PROVIDERS",
        "TF_FORCE_LOCAL_BACKEND",
        "TF_AWS_S3_ENDPOINT",
        "TF_AWS_DEFAULT_TAGS_Owner",
        "CDKTF_CONTEXT_JSON",
    ],
)
def test_what_would_change_the_work_is_refused_in_one_line_that_names_it(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, "one\ntwo")

    with pytest.raises(UserError) as error:
        child_environment()

    assert str(error.value) == rf"{name}='one\ntwo' would change what this command works on: `unset {name}`"


@pytest.fixture
def temporary(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    """A TMPDIR that doesn't exist, set before Python has looked for a folder."""
    given = str(tmp_path / "nowhere")
    monkeypatch.setenv("TMPDIR", given)
    monkeypatch.setattr(tempfile, "tempdir", None)
    return given


def test_temporary_files_have_a_folder_that_exists(temporary: str) -> None:
    found = child_environment()["TMPDIR"]

    assert found != temporary
    assert os.path.isdir(found)


def socket_in(folder: str) -> str:
    return f"{folder}/plugin-dir{2**32 - 1}/plugin{2**32 - 1}"


@pytest.mark.parametrize("length", [64, 65, 66, 130])
def test_a_socket_fits_into_the_folder_for_temporary_files(monkeypatch: pytest.MonkeyPatch, length: int) -> None:
    with tempfile.TemporaryDirectory(dir="/tmp") as short:  # pytest's own folder is longer
        given = f"{short}/".ljust(length, "x")
        os.mkdir(given)
        monkeypatch.setattr(tempfile, "tempdir", given)

        found = child_environment()["TMPDIR"]

        assert os.path.isdir(found)
    assert (found == given) is (length < 66)
    assert len(socket_in(found)) <= 103


def test_a_folder_of_this_checkout_is_used_where_there_is_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subject, "SHORT_FOLDERS", ("/nowhere",))
    monkeypatch.setattr(tempfile, "tempdir", "/" + "x" * 130)

    found = Path(child_environment()["TMPDIR"])

    assert found.name == "temporary"
    assert json.loads((found / "package.json").read_text()) == {"type": "commonjs"}


@pytest.mark.parametrize("package", ['{"type": "module"}', "no JSON", "[]"])
def test_jsiis_scripts_stay_scripts_below_a_package_of_modules(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, package: str
) -> None:
    (tmp_path / "package.json").write_text(package)
    (tmp_path / "below").mkdir()
    with monkeypatch.context() as patched:
        patched.setattr(tempfile, "tempdir", str(tmp_path / "below"))
        found = child_environment()["TMPDIR"]

    assert found == "/tmp"


@pytest.mark.parametrize("package", ['{"type": "commonjs"}', "{}"])
def test_a_folder_below_another_package_is_used(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, package: str) -> None:
    (tmp_path / "package.json").write_text(package)
    with monkeypatch.context() as patched:
        patched.setattr(tempfile, "tempdir", str(tmp_path))
        found = child_environment()["TMPDIR"]

    assert found == str(tmp_path)


def test_no_folder_for_temporary_files_is_one_line(temporary: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "_candidate_tempdir_list", lambda: [temporary])

    with pytest.raises(UserError, match="TMPDIR: No usable temporary directory found in"):
        child_environment()


def test_all_that_has_to_be_unset_is_in_the_same_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TF_WORKSPACE", "qa")
    monkeypatch.setenv("TF_DATA_DIR", "/x")

    with pytest.raises(UserError) as error:
        child_environment()

    assert str(error.value) == (
        "TF_DATA_DIR='/x', TF_WORKSPACE='qa' would change what this command works on: `unset TF_DATA_DIR TF_WORKSPACE`"
    )


@pytest.mark.parametrize(
    "name",
    [
        "TF_VAR_region",
        "TF_INPUT",
        "TF_STATE",
        "TF_PLUGIN_CACHE_DIR",
        "TF_PLUGIN_CACHE_MAY_BREAK_DEPENDENCY_LOCK_FILE",
        "TF_CLOUD_ORGANIZATION",
        "TF_HTTP_ADDRESS",
        "TF_OF_A_LATER_RELEASE",
        "TERRAFORM_BINARY_NAME",
        "CDKTF_OUTDIR",
        "CDKTF_OUTPUT",
        "CDKTF_AUTO_APPROVE",
        "CDKTF_TARGET_STACK_ID",
        "SYNTH_HCL_OUTPUT",
        *OF_NODE,
        "JSII_NODE",
        "JSII_RUNTIME",
        "JSII_RUNTIME_PACKAGE_CACHE",
        "JSII_RUNTIME_PACKAGE_CACHE_ROOT",
        "JSII_RUNTIME_PACKAGE_CACHE_TTL",
    ],
)
def test_what_else_the_programs_read_is_dropped(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, "the user's")

    assert "the user's" not in child_environment().values()


@pytest.mark.parametrize(
    "name",
    [
        "TF_LOG",
        "TF_LOG_PATH",
        "TF_LOG_PROVIDER",
        "TF_REGISTRY_CLIENT_TIMEOUT",
        "TF_TOKEN_app_terraform_io",
        "TF_VAR_subscription_email",
        "CDKTF_LOG_LEVEL",
        "AWS_PROFILE",
        "HTTPS_PROXY",
        "JSII_DEBUG",
        "NODE_EXTRA_CA_CERTS",
        "PATH",
    ],
)
def test_what_does_no_harm_gets_through(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, "the user's")

    assert child_environment()[name] == "the user's"


def test_a_variable_without_a_value_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TF_WORKSPACE", "")

    assert "TF_WORKSPACE" not in child_environment()


def test_a_home_that_is_there_is_the_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, build: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))

    environment = child_environment()

    assert environment["HOME"] == str(tmp_path)
    assert environment["CDKTF_HOME"] == str(build / "cdktf")
    assert "JSII_RUNTIME_PACKAGE_CACHE_ROOT" not in environment


@pytest.mark.parametrize("home", ["{}/missing", "{}/file", "/dev/null/x", "relative"])
def test_in_place_of_a_home_that_is_no_folder_there_is_an_empty_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, build: Path, home: str
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("HOME", home.format(tmp_path))

    environment = child_environment()

    assert environment["HOME"] == str(build / "home")
    assert list((build / "home").iterdir()) == []


@pytest.mark.parametrize("said", [None, ""])
def test_without_a_word_about_the_home_it_is_that_of_the_user(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, said: str | None
) -> None:
    class Entry:
        pw_dir = str(tmp_path)

    monkeypatch.setattr(pwd, "getpwuid", lambda _: Entry)
    monkeypatch.delenv("HOME") if said is None else monkeypatch.setenv("HOME", said)

    assert child_environment()["HOME"] == str(tmp_path)


def test_a_user_without_an_entry_gets_an_empty_home(monkeypatch: pytest.MonkeyPatch, build: Path) -> None:
    def nobody(_: int) -> NoReturn:
        raise KeyError("getpwuid(): uid not found")

    monkeypatch.setattr(pwd, "getpwuid", nobody)
    monkeypatch.delenv("HOME")

    assert child_environment()["HOME"] == str(build / "home")


@pytest.fixture
def cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The folder below the home where jsii keeps what it unpacked."""
    monkeypatch.setenv("HOME", str(tmp_path))
    folder = tmp_path / subject.JSII_CACHE
    folder.mkdir(parents=True)
    return folder


def is_elsewhere() -> bool:
    return "JSII_RUNTIME_PACKAGE_CACHE_ROOT" in child_environment()


def test_jsii_keeps_what_it_unpacked_in_the_home_where_it_can(cache: Path) -> None:
    assert not is_elsewhere()

    cache.rmdir()

    assert not is_elsewhere()


@pytest.mark.parametrize("mode", [0o770, 0o707])
@pytest.mark.parametrize("above", [0, 1, 2])
def test_jsii_keeps_it_elsewhere_where_others_may_write(cache: Path, above: int, mode: int) -> None:
    [cache, *cache.parents][above].chmod(mode)

    assert is_elsewhere()


@pytest.mark.parametrize(("owner", "expected"), [(0, False), (1001, False), (1002, True)])
def test_jsii_keeps_it_elsewhere_where_the_home_is_of_somebody_else(
    monkeypatch: pytest.MonkeyPatch, cache: Path, owner: int, expected: bool
) -> None:
    monkeypatch.setattr(os, "getuid", lambda: 1001)
    monkeypatch.setattr(Path, "stat", lambda _: os.stat_result((0o700, 0, 0, 0, owner, 0, 0, 0, 0, 0)))

    assert is_elsewhere() is expected


@pytest.mark.parametrize("is_dangling", [True, False])
def test_jsii_keeps_it_elsewhere_where_the_folder_is_none(cache: Path, is_dangling: bool) -> None:
    cache.rmdir()
    cache.symlink_to("nowhere") if is_dangling else cache.touch()

    assert is_elsewhere()


def test_a_home_that_cannot_be_written_stays_the_home_and_what_is_kept_goes_elsewhere(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, build: Path
) -> None:
    def refuse(**_: Any) -> NoReturn:
        raise OSError("Read-only file system")

    monkeypatch.setattr(tempfile, "TemporaryFile", refuse)
    monkeypatch.setenv("HOME", str(tmp_path))

    environment = child_environment()

    assert environment["HOME"] == str(tmp_path)
    assert environment["JSII_RUNTIME_PACKAGE_CACHE_ROOT"] == str(build / "jsii")
