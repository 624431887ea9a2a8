"""The plan that is reviewed, and whether a later plan is the same: `python -m deployment.reviewed_plan dev`.

Terraform's plan file and its JSON hold secrets in clear, so neither leaves the machine that made it. What does leave is
what the plans in `.build/plans/` change, without what is sensitive (`deployment.plan_changes`): it is written to
`.build/reviewed/<environment>.json` and, for people, `.md`.
"""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

from deployment.environment_stacks import read_joined_changes
from deployment.escaped_text import visible
from deployment.plan_changes import Document, is_empty, plan_differences, plan_hash
from deployment.plan_report import LARGEST_SUMMARY, report, shorten
from deployment.repository_paths import BUILD
from deployment.run_command import run
from environments.named_errors import naming
from environments.user_error import UserError

REVIEWED = BUILD / "reviewed"


def write_reviewed_plan(environment: str, document: Document, *, to: Path = REVIEWED) -> None:
    """Write the form for machines and for people."""
    to.mkdir(parents=True, exist_ok=True)
    text = report(environment, document, sha256=plan_hash(document))
    with naming(to):
        (to / f"{environment}.json").write_text(json.dumps(document, indent=2, sort_keys=True) + "\n", encoding="utf-8")
        (to / f"{environment}.md").write_text(shorten(text, LARGEST_SUMMARY), encoding="utf-8")


def require_equal(document: Document, *, review: Path) -> None:
    """Refuse a plan that isn't the reviewed one; one that changes nothing needs no review."""
    if is_empty(document):
        return
    if not review.exists():
        raise UserError("this plan has not been reviewed: there is no reviewed plan to compare it with")
    expected = json.loads(review.read_text(encoding="utf-8"))
    if expected != document:
        differences = map(visible, plan_differences(expected, document))
        raise UserError("\n".join(["this plan is not the reviewed one:", *differences]))


def main(arguments: Sequence[str]) -> int:
    """Write the reviewed form of the plan that `make plan` left, and print what a workflow needs to know of it."""
    parser = argparse.ArgumentParser(prog="python -m deployment.reviewed_plan", description=__doc__)
    parser.add_argument("environment")
    expected = parser.add_mutually_exclusive_group()
    expected.add_argument("--equals", type=Path, metavar="FILE", help="fail unless the plan is that reviewed one")
    expected.add_argument("--sha256", metavar="HASH", help="fail unless the plan has this hash")
    options = parser.parse_args(arguments)
    document = read_joined_changes(options.environment)
    write_reviewed_plan(options.environment, document)
    print(f"sha256={plan_hash(document)}")
    print(f"changes={'false' if is_empty(document) else 'true'}")
    if options.equals:
        require_equal(document, review=options.equals)
    if options.sha256 and options.sha256 != plan_hash(document) and not is_empty(document):
        raise UserError(f"this plan is {plan_hash(document)}, but {options.sha256} was reviewed")
    return 0


if __name__ == "__main__":
    run(main)
