"""The workflows plan, compare and deploy."""

import json
import os
import re
import subprocess

import pytest

from deployment.plan_report import CUT, LARGEST_COMMENT, SCHEMA_REPORT, report
from deployment.repository_paths import NODE
from tests.unit.support.github_workflows import ASSUME, WORKFLOWS, jobs, named, steps


def test_roles_and_regions_come_from_environments_toml() -> None:
    for path in WORKFLOWS:
        for step in steps(path):
            if step.get("uses", "").startswith(ASSUME):
                assert step["with"].pop("role-session-name").endswith("-${{ github.run_id }}")
                assert step["with"] == {
                    "role-to-assume": "${{ steps.role.outputs.role }}",
                    "aws-region": "${{ steps.role.outputs.region }}",
                    "allowed-account-ids": "${{ steps.role.outputs.account }}",
                }


def test_a_pull_request_from_a_fork_or_that_nobody_looked_at_is_checked_and_not_planned() -> None:
    here = "github.event.pull_request.head.repo.full_name == github.repository"
    # A run that a person restarts is triggered by the person, and it is still Dependabot's.
    by_a_person = "github.triggering_actor != 'dependabot[bot]'"

    assert named("plan")["jobs"]["environments"]["if"] == f"{here} && {by_a_person}"
    assert {"environments"} <= set(named("plan")["jobs"]["plan"]["needs"].split())
    assert here.replace("==", "!=") in named("checks")["jobs"]["checks"]["if"]
    assert not any("id-token" in job["permissions"] for job in named("checks")["jobs"].values())


def test_caches_are_used_only_where_no_role_of_main_is_assumed() -> None:
    cached = {
        (path.stem, name)
        for path in WORKFLOWS
        for name, job in jobs(path).items()
        for step in job.get("steps", [])
        if step.get("with", {}).get("cache")
    }

    assert cached == {("checks", "checks"), ("faults", "faults"), ("iam", "permissions"), ("plan", "plan")}


def test_every_deployment_waits_for_its_environments_rules() -> None:
    deploy = named("deploy-environment")["jobs"]["deploy"]

    assert deploy["environment"] == "${{ inputs.environment }}"
    assert deploy["concurrency"] == {"group": "deploy-${{ inputs.environment }}", "cancel-in-progress": False}
    assert deploy["needs"] == "plan"
    assert deploy["if"] == "needs.plan.outputs.changes == 'true' || needs.plan.outputs.page == 'true'"
    deliver, page, *_ = deploy["steps"][-4:]
    assert deliver["if"] == "needs.plan.outputs.changes == 'true'"
    assert "deployment.apply_reviewed_plan" in deliver["run"]
    assert page["run"] == '.venv/bin/python -m deployment.page_delivery "$ENVIRONMENT" --instead-of "$SERVED"'
    assert page["env"] == {"SERVED": "${{ needs.plan.outputs.served }}"}
    assert deliver["env"]["SHA256"] == "${{ needs.plan.outputs.sha256 }}"


def test_what_was_deployed_is_verified_with_public_apis_alone() -> None:
    *_, page, verify, shown = named("deploy-environment")["jobs"]["deploy"]["steps"]

    assert "deployment.page_delivery" in page["run"]
    assert verify == {
        "name": "Verify what is deployed",
        "run": '.venv/bin/python -m verify "$ENVIRONMENT" --public --confirm',
    }
    assert shown["run"] == 'cat ".build/verify-$ENVIRONMENT.md" >> "$GITHUB_STEP_SUMMARY"'
    assert shown["if"] == "${{ !cancelled() && hashFiles('.build/verify-*.md') != '' }}"


def test_the_page_is_built_once_by_a_job_that_cannot_prove_who_it_is() -> None:
    page = named("deploy")["jobs"]["page"]
    (upload,) = (step for step in page["steps"] if step.get("uses", "").startswith("actions/upload-artifact@"))

    assert page["permissions"] == {"contents": "read"}
    assert "make web" in [step.get("run") for step in page["steps"]]
    assert (upload["with"]["name"], upload["with"]["path"]) == ("page", "web/dist/")
    building = {
        (path.stem, name)
        for path in WORKFLOWS
        for name, job in jobs(path).items()
        if any(re.search(r"make web|vite", step.get("run", "")) for step in job.get("steps", []))
    }
    assert building == {("deploy", "page")}


@pytest.mark.parametrize("name", ["plan", "deploy"])
def test_the_page_that_was_built_is_there_before_a_role_is_assumed_and_no_package_runs_after(name: str) -> None:
    steps = named("deploy-environment")["jobs"][name]["steps"]
    got = next(number for number, step in enumerate(steps) if step.get("name") == "Get the page")
    assumed = next(number for number, step in enumerate(steps) if step.get("uses", "").startswith(ASSUME))

    assert steps[got]["with"] == {"name": "page", "path": "web/dist"}
    assert not {"if", "continue-on-error"} & steps[got].keys()
    assert got < assumed
    for step in steps[assumed + 1 :]:
        assert not re.search(r"\b(npm|npx|node|make (?!plan\b))", step.get("run", "")), step
        assert "prepare" not in step.get("uses", "")


@pytest.mark.parametrize("name", ["plan", "deploy"])
def test_what_came_after_a_commit_is_not_taken_back_by_a_run_that_waited_or_runs_again(name: str) -> None:
    first, *_ = named("deploy-environment")["jobs"][name]["steps"]

    # Without a condition: an approval may come late, and a run again of one job alone counts too.
    assert first.keys() == {"name", "uses", "with"}
    script = first["with"]["script"]
    assert "getBranch({ ...context.repo, branch: 'main' })" in script
    assert "if (main.commit.sha !== context.sha) core.setFailed(" in script


def test_a_page_is_put_only_over_the_one_that_it_was_compared_with() -> None:
    plan = named("deploy-environment")["jobs"]["plan"]
    (compared,) = (step for step in plan["steps"] if step.get("id") == "page")

    assert compared["run"] == '.venv/bin/python -m deployment.page_delivery "$ENVIRONMENT" --check >> "$GITHUB_OUTPUT"'
    assert {name: plan["outputs"][name] for name in ("page", "served")} == {
        "page": "${{ steps.page.outputs.page }}",
        "served": "${{ steps.page.outputs.served }}",
    }


def test_only_a_job_of_an_environment_assumes_the_role_that_deploys() -> None:
    deploying = {
        (path.stem, name)
        for path in WORKFLOWS
        for name, job in jobs(path).items()
        if any("role deploy" in step.get("run", "") for step in job.get("steps", []))
    }

    assert deploying == {("deploy-environment", "deploy")}
    for path in WORKFLOWS:
        for name, job in jobs(path).items():
            assert ("environment" in job) is ((path.stem, name) in deploying), name


def test_dev_comes_before_staging_and_staging_before_prod_and_all_from_main() -> None:
    deploy = named("deploy")

    assert deploy["on"]["push"] == {"branches": ["main"]}
    assert deploy["jobs"]["review"]["if"] == "github.ref == 'refs/heads/main'"
    assert {name: job.get("needs") for name, job in deploy["jobs"].items()} == {
        "review": None,
        "page": "review",
        "dev": ["review", "page"],
        "staging": ["review", "page", "dev"],
        "prod": ["review", "page", "staging"],
    }
    for name in ("staging", "prod"):
        assert "needs.page.result == 'success'" in deploy["jobs"][name]["if"]
    for name in ("dev", "staging", "prod"):
        assert deploy["jobs"][name]["with"]["environment"] == name
        assert f"contains(fromJSON(needs.review.outputs.names), '{name}')" in deploy["jobs"][name]["if"]


def test_the_plan_itself_never_leaves_the_job() -> None:
    for path in WORKFLOWS:
        for step in steps(path):
            if step.get("uses", "").startswith("actions/upload-artifact@"):
                assert step["with"]["path"] == ("web/dist/" if step["with"]["name"] == "page" else ".build/reviewed/")
            assert ".tfplan" not in str(step)


def test_the_comment_compares_the_schema_with_main() -> None:
    planning = named("plan")["jobs"]["plan"]["steps"]
    checkout = next(step for step in planning if step.get("uses", "").startswith("actions/checkout@"))
    reviewed = next(step["run"] for step in planning if "deployment.reviewed_plan" in step.get("run", ""))

    # A pull request's checkout is the merge, whose first parent is main.
    assert checkout["with"]["fetch-depth"] == 2
    assert f"deployment.review.schema_changes HEAD^1 > .build/reviewed/{SCHEMA_REPORT}\n" in reviewed


def test_the_role_that_reads_doesnt_lock() -> None:
    planning = [
        step["run"]
        for path in WORKFLOWS
        for step in steps(path)
        if "make plan" in step.get("run", "") or "deployment.plan " in step.get("run", "")
    ]

    assert len(planning) == 3
    for command in planning:
        assert "LOCK=false" in command or "--no-lock" in command


def issues_of(reports: dict[str, str]) -> dict[str, str]:
    """Run the script of the workflow `drift` on the environments' reports; return the issues by their titles."""
    (script,) = (
        step["with"]["script"] for step in named("drift")["jobs"]["issue"]["steps"] if "script" in step.get("with", {})
    )
    files = {f"plans/{name}.md": text for name, text in reports.items()}
    program = f"""
        const issues = {{ create: async ({{ title, body }}) => console.log(JSON.stringify([title, body])) }};
        const github = {{ paginate: async () => [], rest: {{ issues }} }};
        const context = {{ repo: {{}} }};
        const files = {json.dumps(files)};
        const require = () => ({{ existsSync: (file) => file in files, readFileSync: (file) => files[file] }});
        (async () => {{ {script} }})();
    """
    environment = {**os.environ, "NAMES": json.dumps([*reports])}
    done = subprocess.run([str(NODE), "-e", program], env=environment, capture_output=True, text=True, check=True)
    return dict(json.loads(line) for line in done.stdout.splitlines())


def test_an_issue_that_is_cut_says_so_first_as_a_comment_does() -> None:
    short = "### prod: 1 to destroy\n"

    bodies = issues_of({"dev": f"### dev: 1 to destroy\n{'x' * 70_000}", "prod": short})

    cut, whole = bodies["dev is not what main says"], bodies["prod is not what main says"]
    assert cut.startswith(f"{CUT}Something was changed outside Terraform")
    assert len(cut) == LARGEST_COMMENT
    assert whole.startswith("Something was changed outside Terraform")
    assert whole.endswith(short)


def test_a_report_of_changes_is_an_issue_however_it_ends() -> None:
    nothing = report("dev", {"resources": [], "outputs": {}}, sha256="")
    forged = "### prod: 1 to change\n<code>x</code>\n### prod: no changes\n"

    assert [*issues_of({"dev": nothing, "web-dev": nothing * 2, "prod": forged})] == ["prod is not what main says"]


def test_drift_is_looked_for_each_night() -> None:
    assert re.fullmatch(r"\d+ [0-6] \* \* \*", named("drift")["on"]["schedule"][0]["cron"])
