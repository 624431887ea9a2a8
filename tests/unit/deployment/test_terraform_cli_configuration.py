"""The user's CLI configuration stays in use, except for its settings of other providers."""

import json
import stat
from pathlib import Path
from typing import Any

import pytest

from deployment.terraform_cli_configuration import (
    UnreadableConfiguration,
    methods_for_our_provider,
    read_user_configuration,
    write_configuration,
)
from environments.user_error import UserError

AWS = "registry.terraform.io/hashicorp/aws"
NETWORK_MIRROR = {"url": "https://mirror.example/"}


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("TF_CLI_CONFIG_FILE", "TERRAFORM_CONFIG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / ".terraform.d").mkdir()
    return tmp_path


@pytest.fixture
def terraform(tmp_path: Path) -> Path:
    """A Terraform that accepts every configuration."""
    path = tmp_path / "terraform"
    path.write_text("#!/bin/sh\necho Terraform v1.11.4\n")
    path.chmod(0o755)
    return path


def test_the_files_of_the_home_are_read_as_terraform_puts_them_together(terraform: Path, home: Path) -> None:
    (home / ".terraformrc").write_text(
        'credentials "one.example" {\n  token = "1"\n}\nprovider_installation { direct {} }'
    )
    (home / ".terraform.d" / "credentials.tfrc.json").write_text('{"credentials": {"two.example": {"token": "2"}}}')
    (home / ".terraform.d" / "host.tfrc").write_text('host "three.example" {\n services = { "modules.v1" = "/" }\n}')

    found = read_user_configuration(terraform)

    assert found == {
        "credentials": {"one.example": {"token": "1"}, "two.example": {"token": "2"}},
        "host": {"three.example": {"services": {"modules.v1": "/"}}},
        "provider_installation": {"direct": {}},
    }


def test_a_file_that_is_named_stands_for_those_of_the_home(
    terraform: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / ".terraformrc").write_text("disable_checkpoint = true")
    (home / "named").write_text('credentials "one.example" {}')
    monkeypatch.setenv("TF_CLI_CONFIG_FILE", str(home / "named"))

    assert read_user_configuration(terraform) == {"credentials": {"one.example": {}}}


@pytest.mark.parametrize(
    ("pattern", "is_ours"),
    [
        (AWS, True),
        ("hashicorp/aws", True),
        ("HashiCorp/AWS", True),
        ("hashicorp/*", True),
        ("*/*/*", True),
        ("*/*", True),
        ("registry.terraform.io/*/*", True),
        ("example.com/hashicorp/aws", False),
        ("evil/aws", False),
        ("hashicorp/aws2", False),
    ],
)
def test_a_method_is_taken_over_when_its_patterns_are_of_our_provider(pattern: str, is_ours: bool) -> None:
    included = {"provider_installation": {"network_mirror": {**NETWORK_MIRROR, "include": [pattern]}}}
    excluded = {"provider_installation": {"direct": {"exclude": [pattern]}}}

    assert bool(methods_for_our_provider(included)) is is_ours
    assert bool(methods_for_our_provider(excluded)) is not is_ours


def test_a_mirror_that_has_not_got_the_provider_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "full" / AWS).mkdir(parents=True)
    mirrors = [{"path": str(tmp_path / name)} for name in ("empty", "full")]

    found = methods_for_our_provider({"provider_installation": {"filesystem_mirror": mirrors}})

    assert found == [("filesystem_mirror", mirrors[1])]


def test_what_is_written_installs_our_provider_only_and_keeps_what_reaches_registries(tmp_path: Path) -> None:
    kept: dict[str, Any] = {
        "credentials": {"mirror.example": {"token": '"quoted"'}},
        "credentials_helper": {"helper": {"args": ["--fast"]}},
        "host": {"mirror.example": {"services": {"providers.v1": "/"}}},
    }
    of_others = {"providers": {"evil": "/x"}, "plugin_cache_may_break_dependency_lock_file": True}
    installation = {"network_mirror": {**NETWORK_MIRROR, "include": ["*/*/*"]}, "direct": [{"exclude": ["a/b"]}]}
    users = {**kept, **of_others, "provider_installation": installation}

    path = write_configuration(users, methods_for_our_provider(users), to=tmp_path)

    narrowed = {"network_mirror": [{**NETWORK_MIRROR, "include": [AWS]}], "direct": [{"include": [AWS]}]}
    assert json.loads(path.read_text()) == {**kept, "provider_installation": narrowed}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_runs_with_different_configurations_do_not_meet_in_one_file(tmp_path: Path) -> None:
    configurations: list[dict[str, Any]] = [{"credentials": {host: {}}} for host in ("one.example", "two.example")]

    paths = {write_configuration(one, [], to=tmp_path) for one in configurations}

    assert len(paths) == 2


@pytest.mark.parametrize("name", ["hashicorp/aws", AWS])
def test_another_provider_in_place_of_ours_is_one_line(terraform: Path, home: Path, name: str) -> None:
    (home / ".terraformrc").write_text(f'provider_installation {{ dev_overrides {{ "{name}" = "/x" }} direct {{}} }}')

    with pytest.raises(UserError) as refused:
        read_user_configuration(terraform)

    assert str(refused.value) == (
        f"Terraform's CLI configuration can't be used: dev_overrides has another provider than the locked one run as"
        f" {AWS}; mend it"
    )


def test_another_provider_in_place_of_others_is_nothing_to_us(terraform: Path, home: Path) -> None:
    (home / ".terraformrc").write_text('provider_installation { dev_overrides { "a/b" = "/x" } direct {} }')

    assert methods_for_our_provider(read_user_configuration(terraform)) == [("direct", {})]


def test_what_only_terraform_can_read_is_one_line(terraform: Path, home: Path) -> None:
    (home / ".terraformrc").write_text("provider_installation {")

    with pytest.raises(UnreadableConfiguration) as refused:
        read_user_configuration(terraform)

    assert str(refused.value).startswith(f"Terraform's CLI configuration can't be used: {home}/.terraformrc: ")
    assert "\n" not in str(refused.value)
