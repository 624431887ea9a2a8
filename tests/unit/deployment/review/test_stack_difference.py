"""Changes between two stacks, and their page."""

from typing import Any

from deployment.review.change_page import change_page, count_changes
from deployment.review.stack_difference import ABSENT, StackDifference, ValueChange, value_changes
from deployment.review.synthesized_stack import SynthesizedStack
from tests.unit.support.review_documents import allow, grant, resource, role, stack


def page(before: SynthesizedStack, after: SynthesizedStack, **more: Any) -> str:
    given = {"settings": [], "pins": [], **more}
    return "\n".join(change_page([StackDifference(before, after)], base="0123456789ab", **given))


def test_json_text_is_compared_by_what_it_says() -> None:
    assert list(value_changes('{"a": [1]}', '{\n "a": [1]\n}')) == []
    assert list(value_changes('{"a": [1]}', '{"a": [2]}')) == [ValueChange("a[0]", 1, 2)]


def test_text_that_only_looks_like_json_is_compared_as_text() -> None:
    assert list(value_changes("{not json", "{not json!")) == [ValueChange("", "{not json", "{not json!")]


def test_each_place_that_differs_is_named() -> None:
    before = {"timeout": 10, "tags": {"a": 1}, "list": [{"x": 1}, {"x": 2}], "same": "y"}
    after = {"timeout": 20, "lifecycle": {"prevent_destroy": True}, "list": [{"x": 1}, {"x": 3}], "same": "y"}

    assert list(value_changes(before, after)) == [
        ValueChange("lifecycle.prevent_destroy", ABSENT, True),
        ValueChange("list[1].x", 2, 3),
        ValueChange("tags.a", 1, ABSENT),
        ValueChange("timeout", 10, 20),
    ]


def test_lists_of_different_lengths_differ_as_a_whole() -> None:
    assert list(value_changes({"a": [1]}, {"a": [1, 2]})) == [ValueChange("a", [1], [1, 2])]


def test_true_is_not_one() -> None:
    assert list(value_changes({"a": 1}, {"a": True})) == [ValueChange("a", 1, True)]


def test_resources_come_go_and_change() -> None:
    before = stack(resource("sqs_queue", "old", name="old"), resource("sqs_queue", "kept", name="kept", delay=1))
    after = stack(resource("sqs_queue", "new", name="new"), resource("sqs_queue", "kept", name="kept", delay=2))

    difference = StackDifference(before, after)

    assert [one.path for one in difference.added] == ["new"]
    assert [one.path for one in difference.removed] == ["old"]
    assert difference.changed == {"aws_sqs_queue.kept": [ValueChange("delay", 1, 2)]}
    assert count_changes([difference]) == ("1 added, 1 removed, 1 changed", "")


def test_a_new_package_is_said_once_a_function() -> None:
    before, after = (
        stack(resource("lambda_function", "f", source_code_hash=hash_, filename=f"assets/{hash_}/lambda.zip"))
        for hash_ in ("one", "two")
    )

    assert StackDifference(before, after).changed == {
        "aws_lambda_function.f": [ValueChange("source_code_hash", "one", "two")]
    }


def test_permissions_that_come_and_go_are_listed() -> None:
    before = stack(role("r", "x"), grant("r/p", "r", allow("sqs:SendMessage", on="a")))
    after = stack(role("r", "x"), grant("r/p", "r", allow("sqs:*", on="a")))

    said = page(before, after)

    assert "```diff\n- role x: may sqs:SendMessage on a\n+ role x: may sqs:* on a\n```" in said
    assert count_changes([StackDifference(before, after)]) == ("1 changed", "1 new, 1 gone")


def test_a_new_stack_is_all_added() -> None:
    said = page(
        SynthesizedStack("orders-dev", {}),
        stack(resource("sqs_queue", "placed", name="orders-dev-placed"), terraform={"x": 1}),
    )

    assert "### Added resources" in said
    assert "| `aws_sqs_queue` | `placed` | `orders-dev-placed` |" in said
    assert "| `terraform.x` |  | `1` |" in said


def test_a_removed_resource_goes_by_its_old_name() -> None:
    said = page(stack(resource("sqs_queue", "placed", name="orders-dev-placed")), SynthesizedStack("orders-dev", {}))

    assert "### Removed resources" in said
    assert "| `aws_sqs_queue` | `placed` | `orders-dev-placed` |" in said


def test_long_texts_are_shown_line_by_line() -> None:
    before, after = (stack(resource("appsync_function", "f", code=f"a\n{line}\nz\n")) for line in ("old", "new"))

    assert "`code`:\n\n```diff\n@@ -1,3 +1,3 @@\n a\n-old\n+new\n z\n```" in page(before, after)


def test_a_text_with_backticks_or_bars_doesnt_break_the_page() -> None:
    before, after = (stack(resource("sqs_queue", "q", name=name)) for name in ("a|b", "a`b"))

    assert "| `name` | `a\\|b` | `` a`b `` |" in page(before, after)


def test_settings_and_packages_are_said_before_the_stacks() -> None:
    settings, pins = [ValueChange("log_retention_days", 14, 30)], [ValueChange("boto3", "1", ABSENT)]

    said = page(stack(), stack(), settings=settings, pins=pins)

    assert "| `log_retention_days` | `14` | `30` |" in said
    assert "| `boto3` | `1` |  |" in said


def test_nothing_changes_is_said_too() -> None:
    assert page(stack(), stack()).endswith("Nothing changes.\n")
