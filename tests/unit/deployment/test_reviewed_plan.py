"""A plan is compared with the reviewed one, and shown to people."""

import json
from pathlib import Path

import pytest

from deployment.plan_changes import changes_of, plan_hash
from deployment.plan_report import collect_reports, comment, report
from deployment.reviewed_plan import require_equal, write_reviewed_plan
from environments.user_error import UserError
from tests.unit.support.plans import plan, resource, update

DOCUMENT = changes_of(plan(update("aws_sqs_queue.placed", {"delay": 0}, {"delay": 5})))
OTHER = changes_of(plan(update("aws_sqs_queue.placed", {"delay": 0}, {"delay": 6})))


def test_the_plan_that_was_written_for_review_is_accepted(tmp_path: Path) -> None:
    write_reviewed_plan("dev", DOCUMENT, to=tmp_path)

    require_equal(DOCUMENT, review=tmp_path / "dev.json")


def test_another_plan_is_refused_with_what_differs(tmp_path: Path) -> None:
    write_reviewed_plan("dev", DOCUMENT, to=tmp_path)

    with pytest.raises(UserError) as refused:
        require_equal(OTHER, review=tmp_path / "dev.json")

    assert str(refused.value) == "this plan is not the reviewed one:\naws_sqs_queue.placed: differs in delay"


def test_a_plan_without_a_review_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"^this plan has not been reviewed"):
        require_equal(DOCUMENT, review=tmp_path / "dev.json")


def test_a_plan_that_changes_nothing_needs_no_review(tmp_path: Path) -> None:
    require_equal(changes_of(plan()), review=tmp_path / "dev.json")


def test_a_resource_that_is_planned_twice_is_not_taken_for_once(tmp_path: Path) -> None:
    (tmp_path / "dev.json").write_text(json.dumps({**DOCUMENT, "resources": DOCUMENT["resources"] * 2}))

    with pytest.raises(UserError, match=r"^this plan is not the reviewed one"):
        require_equal(DOCUMENT, review=tmp_path / "dev.json")


def test_the_report_says_what_happens_to_how_many_and_shows_each() -> None:
    document = changes_of(
        plan(
            resource("a", "create", after={"name": "a"}),
            update("b", {"delay": 0}, {"delay": 5}),
            resource("c", "delete", "create", before={"k": 1}, after={"k": 2}, replace_paths=[["k"]]),
            resource("d", "delete", before={"id": "d-1"}),
        )
    )

    text = report("dev", document, sha256=plan_hash(document))

    assert text.startswith("### dev: 1 to create, 1 to change, 1 to replace, 1 to destroy\n")
    assert plan_hash(document) in text
    assert "<summary>replace <code>c</code> because of <code>k</code></summary>" in text
    assert "- delay: 0\n+ delay: 5" in text


def test_a_report_of_nothing_says_so_in_a_line() -> None:
    assert report("dev", changes_of(plan()), sha256="0") == "### dev: no changes\n"


def test_the_report_says_which_resource_of_the_account_it_is() -> None:
    document = changes_of(
        plan(
            update("a", {"id": "a-1", "delay": 0}, {"id": "a-1", "delay": 5}),
            resource("b", "delete", "create", before={"id": "b-1"}, after={}, after_unknown={"id": True}),
            {**resource("c", "delete", before={"id": "x", "bucket": "theirs", "key": "k"}), "deposed": "00ab"},
            resource("d", "no-op", before={}, after={}, importing={"id": "d-1"}),
        )
    )

    text = report("dev", document, sha256="0")

    assert "<summary>change <code>a</code>, <code>a-1</code></summary>" in text
    assert "<summary>replace <code>b</code>, <code>b-1</code></summary>" in text
    assert "<summary>destroy <code>c</code> (deposed <code>00ab</code>)</summary>" in text
    assert "- bucket: theirs\n- id: x\n- key: k\n```" in text
    assert '<summary>move or import <code>d</code> (import <code>{"id": "d-1"}</code>)</summary>' in text


def test_text_of_a_plan_cannot_end_the_block_it_stands_in() -> None:
    document = changes_of(plan(resource("a", "create", after={"name": "```\n# injected"})))

    text = report("dev", document, sha256="0")

    assert "\n````diff\n" in text
    assert text.count("````") == 2


def test_long_texts_show_only_the_lines_that_change() -> None:
    lines = [f"line {number}" for number in range(50)]
    document = changes_of(
        plan(update("a", {"code": "\n".join(lines)}, {"code": "\n".join([*lines[:25], "new", *lines[26:]])}))
    )

    text = report("dev", document, sha256="0")

    assert "-line 25\n+new" in text
    assert "line 2\n" not in text


def test_the_comment_says_first_what_the_schema_does_to_clients(tmp_path: Path) -> None:
    (tmp_path / "dev.md").write_text("### dev: no changes\n")
    (tmp_path / "schema.md").write_text("### Schema: breaks clients that are in use\n\n- `Order.id was removed.`\n")

    text = comment("orders-plan", collect_reports(tmp_path, ["dev"]))

    assert text.index("Order.id was removed") < text.index("### dev")


def test_the_comment_is_found_again_names_failures_and_fits(tmp_path: Path) -> None:
    (tmp_path / "dev.md").write_text("### dev: no changes\n")
    (tmp_path / "prod.md").write_text("x" * 70_000)

    short = comment("orders-plan", collect_reports(tmp_path, ["dev", "staging"]))
    long = comment("orders-plan", collect_reports(tmp_path, ["dev", "prod"]))

    assert short.startswith("<!-- orders-plan -->\n")
    assert "### dev: no changes\n" in short
    assert "### staging: the plan failed; the workflow run says why\n" in short
    assert "Schema" not in short
    assert len(long) <= 65_536
    # Where it is cut, a closed block may hide what follows.
    assert long.split("\n\n")[1].startswith("**Warning**: this is longer than GitHub shows")


def test_a_summary_fits_and_says_first_that_its_end_is_missing(tmp_path: Path) -> None:
    document = changes_of(plan(resource("a", "create", after={"name": "\N{SLICE OF PIZZA}" * 400_000})))

    write_reviewed_plan("dev", document, to=tmp_path)

    text = (tmp_path / "dev.md").read_text(encoding="utf-8")
    assert text.startswith("**Warning**: this is longer than GitHub shows")
    assert len(text.encode()) <= 1024 * 1024


def test_what_terraform_only_forgets_is_said_to_stay() -> None:
    text = report("dev", changes_of(plan(resource("a", "forget", before={"id": "a-1"}))), sha256="0")

    assert text.startswith("### dev: 1 to leave to itself\n")
