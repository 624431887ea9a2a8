"""Which environment a make target is about comes from the command line alone."""

import os
import subprocess

import pytest

from deployment.checkout import ROOT

CHANGING = ["deploy", "destroy", "plan", "bootstrap", "delivery", "unlock", "web-deploy"]


def make(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    # What is there already isn't installed; the rest of the recipe is printed.
    command = ["make", "--dry-run", "--old-file=install", *arguments]
    return subprocess.run(
        command, cwd=ROOT, env={**inherited, **environment}, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("target", CHANGING)
def test_what_reaches_an_account_needs_a_typed_environment(target: str) -> None:
    done = make(target, ENV="prod", APPROVE="yes")

    assert done.returncode != 0
    assert done.stdout == ""
    # One line; its beginning is the Makefile's own.
    said = f"*** say which environment of environments.toml: make {target} ENV=dev.  Stop."
    assert [line.partition(": ")[2] for line in done.stderr.splitlines()] == [said]


@pytest.mark.parametrize("target", CHANGING)
def test_a_typed_environment_is_the_one_that_is_meant(target: str) -> None:
    done = make(target, "ENV=dev", ENV="prod")

    assert done.stdout.rstrip().endswith(" dev")


@pytest.mark.parametrize(("target", "meant"), [("diff", "diff all"), ("synth", "synth")])
def test_what_changes_nothing_is_for_all_environments_unless_one_is_typed(target: str, meant: str) -> None:
    bare, typed = make(target, ENV="prod"), make(target, "ENV=dev")

    assert bare.stdout.rstrip().endswith(f"deployment.cdktf {meant}")
    assert typed.stdout.rstrip().endswith(f"deployment.cdktf {target} dev")


@pytest.mark.parametrize("target", ["deploy", "destroy"])
def test_only_a_typed_approval_approves(target: str) -> None:
    inherited = make(target, "ENV=all", APPROVE="yes")
    other = make(target, "ENV=all", "APPROVE=no")
    typed = make(target, "ENV=all", "APPROVE=yes")

    assert inherited.stdout.rstrip().endswith(f"{target} all")
    assert other.stdout.rstrip().endswith(f"{target} all")
    assert typed.stdout.rstrip().endswith(f"{target} all --auto-approve")


def test_the_person_on_call_types_environment_and_command() -> None:
    typed = make("ops", "ENV=dev", "DO=order show 01K9 --hours 1", ENV="prod")
    bare = make("ops", ENV="prod", DO="dead-letters purge")
    without = make("ops", "DO=status", ENV="prod")

    assert typed.stdout.rstrip().endswith("-m operations --env dev order show 01K9 --hours 1")
    assert bare.stdout.rstrip().endswith("-m operations --help")
    assert "say which environment of environments.toml: make ops ENV=dev" in without.stderr
