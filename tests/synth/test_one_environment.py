"""One environment is synthesized alone, as it is among all."""

from pathlib import Path

import pytest

from deployment.repository_paths import ROOT
from deployment.stack import synthesized
from environments.settings import Settings, load_settings
from tests.synth.support.synth_run import SynthRun, copy_checkout, synthesize

MANIFEST = "manifest.json"  # of cdktf, lists the stacks


@pytest.mark.parametrize("settings", load_settings(), ids=lambda settings: settings.environment)
def test_an_environment_alone_is_its_part_of_all(settings: Settings, synthesis: SynthRun, tmp_path: Path) -> None:
    names = settings.names
    expected = {names.state_stack, names.orders_stack, names.web_stack}
    if settings.github_repositories:
        expected.add(names.delivery_stack)

    alone = synthesize(ROOT, tmp_path / "cdktf.out", settings.environment)

    assert alone.exit_code == 0, alone.printed
    assert set(alone.stacks()) == expected
    files, whole = alone.files(), synthesis.files()
    assert [name for name, content in files.items() if name != MANIFEST and whole.get(name) != content] == []


def test_environments_of_an_account_are_delivered_together(tmp_path: Path) -> None:
    checkout = copy_checkout(tmp_path / "copy")
    settings = checkout / "environments.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace("222222222222", "111111111111"), encoding="utf-8")

    alone = synthesize(checkout, tmp_path / "alone", "staging")
    whole = synthesize(checkout, tmp_path / "whole")

    assert "delivery-111111111111" in alone.stacks()
    assert {*alone.differing(whole)}.isdisjoint(set(alone.files()) - {MANIFEST})


def test_an_unknown_environment_is_refused(tmp_path: Path) -> None:
    done = synthesize(ROOT, tmp_path / "cdktf.out", "dev", "production")

    assert done.exit_code == 1
    assert done.printed.strip() == "production: not in environments.toml; it has local, dev, staging, prod"


def test_a_command_for_one_environment_synthesizes_no_other(tmp_path: Path) -> None:
    synthesized("orders", "dev", output=tmp_path, aws={})

    found = {folder.name for folder in (tmp_path / "stacks").iterdir()}
    assert "orders-dev" in found
    assert "orders-prod" not in found
