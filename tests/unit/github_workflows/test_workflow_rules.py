"""Limits of the workflows: their permissions, their secrets and their programs."""

import re
from pathlib import Path

import pytest

from deployment.repository_paths import ROOT
from tests.unit.support.github_workflows import ASSUME, FILES, WORKFLOWS, jobs, read, steps, uses


@pytest.fixture(params=FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def file(request: pytest.FixtureRequest) -> Path:
    path: Path = request.param
    return path


@pytest.fixture(params=WORKFLOWS, ids=lambda path: path.stem)
def workflow(request: pytest.FixtureRequest) -> Path:
    path: Path = request.param
    return path


def test_there_are_the_workflows_that_the_documentation_names() -> None:
    delivery = {"plan", "deploy", "deploy-environment", "drift"}
    assert {path.stem for path in WORKFLOWS} == {"checks", *delivery, "faults", "iam", "security"}


def test_actions_are_pinned_by_commit_with_their_version_beside(file: Path) -> None:
    lines = [line.strip() for line in file.read_text(encoding="utf-8").splitlines() if "uses:" in line]

    assert lines
    for line in lines:
        assert re.search(r"uses: (\$/\.github/\S+|[\w.-]+/[\w.-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+)$", line), line


def test_one_version_of_an_action_is_used_everywhere() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in FILES)
    pins = set(re.findall(r"uses: ([\w.-]+/[\w.-]+)@([0-9a-f]{40} # \S+)", text))

    assert len({action for action, _ in pins}) == len(pins) == 8


def test_nothing_is_permitted_that_a_job_doesnt_ask_for(workflow: Path) -> None:
    assert read(workflow)["permissions"] == {}
    for name, job in jobs(workflow).items():
        assert job["permissions"], name
        assert "contents" not in job["permissions"] or job["permissions"]["contents"] == "read", name


def test_only_comments_and_issues_are_written() -> None:
    written = {
        (path.stem, name, scope)
        for path in WORKFLOWS
        for name, job in jobs(path).items()
        for scope, access in job["permissions"].items()
        if access == "write" and scope != "id-token"
    }

    assert written == {("plan", "comment", "pull-requests"), ("drift", "issue", "issues")}


def test_a_job_can_prove_who_it_is_exactly_when_it_assumes_a_role(workflow: Path) -> None:
    for name, job in jobs(workflow).items():
        # A reusable workflow's jobs get at most the permissions of the job that calls it.
        assumes = uses(job, ASSUME) or "uses" in job
        assert (job["permissions"].get("id-token") == "write") is assumes, name


def test_what_can_prove_who_it_is_can_write_nothing_on_github(workflow: Path) -> None:
    for name, job in jobs(workflow).items():
        if "id-token" in job["permissions"]:
            others = {scope: access for scope, access in job["permissions"].items() if scope != "id-token"}
            assert set(others.values()) == {"read"}, name


def test_there_are_no_stored_secrets_and_no_long_lived_keys(file: Path) -> None:
    text = file.read_text(encoding="utf-8")

    assert "secrets." not in text
    assert "secrets:" not in text
    assert not re.search("access.key", text, re.IGNORECASE)


def test_no_checkout_leaves_its_token_behind(file: Path) -> None:
    for step in steps(file):
        if step.get("uses", "").startswith("actions/checkout@"):
            assert {**step["with"], "fetch-depth": 1} == {"persist-credentials": False, "fetch-depth": 1}


def test_the_release_before_is_in_the_history_of_what_deploys_over_it() -> None:
    (faults,) = [path for path in WORKFLOWS if path.stem == "faults"]

    depths = [step["with"]["fetch-depth"] for step in steps(faults) if "checkout@" in step.get("uses", "")]

    assert depths == [0]


def test_scripts_contain_no_expressions_that_somebody_else_could_fill(file: Path) -> None:
    for step in steps(file):
        assert "${{" not in step.get("run", ""), step
        assert "${{" not in step.get("with", {}).get("script", ""), step


def test_a_script_passes_on_a_variable_as_one_word(file: Path) -> None:
    for step in steps(file):
        unquoted = re.sub(r'"[^"]*"', "", step.get("run", "")).replace("$?", "")
        assert "$" not in unquoted, step


def test_no_workflow_runs_a_forks_code_with_this_repositorys_rights(workflow: Path) -> None:
    document = read(workflow)

    assert set(document["on"]) <= {"push", "pull_request", "workflow_call", "workflow_dispatch", "schedule"}


def test_every_job_ends_in_time(workflow: Path) -> None:
    for name, job in jobs(workflow).items():
        assert "uses" in job or job["timeout-minutes"] <= 45, name


def test_node_is_setup_nodes_wherever_packages_are_installed() -> None:
    commands = [step.get("run", "") for step in steps(ROOT / ".github" / "actions" / "prepare" / "action.yml")]

    assert commands[-1] == 'ln -sf "$(command -v node)" node_modules/.bin/node'
    assert "make install" in commands[:-1]


def test_everything_that_is_locked_is_kept_current() -> None:
    updates = read(ROOT / ".github" / "dependabot.yml")["updates"]

    assert {update["package-ecosystem"] for update in updates} == {"github-actions", "pip", "npm"}
    assert all(update["cooldown"]["default-days"] >= 7 for update in updates)
