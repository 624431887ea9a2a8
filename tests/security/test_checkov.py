"""Findings of checkov in the stacks of prod and of delivery."""

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]  # ships no types

from deployment.repository_paths import ROOT
from tests.security.support.scanners import report

CONFIGURATION = ROOT / ".checkov.yaml"
SKIPPED = Path(__file__).with_name("checkov_skips.golden.txt")


@pytest.fixture(scope="module")
def failed(reviewed: Path) -> set[tuple[str, str]]:
    """The checks that fail, each with its resource."""
    options = ["--framework", "terraform_json", "--skip-download", "--quiet", "--compact", "--output", "json"]
    found: dict[str, Any] = report("checkov", "--directory", ".", *options, folder=reviewed)
    assert found["summary"]["parsing_errors"] == 0
    assert found["summary"]["passed"] > 300
    return {(one["check_id"], _resource(one)) for one in found["results"]["failed_checks"]}


@pytest.fixture(scope="module")
def skips() -> set[str]:
    return set(yaml.safe_load(CONFIGURATION.read_text(encoding="utf-8"))["skip-check"])


def test_no_check_fails_but_those_that_are_skipped(failed: set[tuple[str, str]], skips: set[str]) -> None:
    left = sorted(f"{check} {resource}" for check, resource in failed if check not in skips)

    assert left == []


def test_each_skip_covers_just_the_resources_that_are_listed(failed: set[tuple[str, str]], skips: set[str]) -> None:
    covered = sorted(f"{check} {resource}" for check, resource in failed if check in skips)

    listed = SKIPPED.read_text(encoding="utf-8").splitlines()
    assert covered == listed, f"{SKIPPED.relative_to(ROOT)} is to say:\n" + "\n".join(covered)


def test_no_skip_is_left_over(failed: set[tuple[str, str]], skips: set[str]) -> None:
    assert skips - {check for check, _ in failed} == set()


def test_each_skip_has_its_reason() -> None:
    lines = CONFIGURATION.read_text(encoding="utf-8").splitlines()

    # A reason must stand above the checks that it is for.
    bare = [line for above, line in pairwise(lines) if "- CKV" in line and above.endswith(":")]

    assert lines.count("skip-check:") == 1
    assert bare == []


def _resource(found: dict[str, Any]) -> str:
    """Return the stack and the resource's address.

    Checkov calls blocks of unknown type `resource.`.
    """
    stack = Path(found["file_path"]).parent.name
    return f"{stack} {found['resource']}"
