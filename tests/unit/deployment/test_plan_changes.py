"""The parts of a plan that are compared and shown."""

import json
from typing import Any

import pytest

from deployment.plan_changes import changes_of, is_empty, plan_differences, plan_hash
from environments.user_error import UserError
from tests.unit.support.plans import Plan, plan, resource, update

QUEUE = update("aws_sqs_queue.placed", {"id": "q", "delay": 0}, {"id": "q", "delay": 5})
TABLE = resource("aws_dynamodb_table.menu", "create", after={"name": "menu"}, after_unknown={"arn": True})


def test_the_same_plan_made_later_and_elsewhere_is_equal() -> None:
    one = changes_of(plan(QUEUE, TABLE))
    other = changes_of(plan(QUEUE, TABLE, timestamp="2026-02-02T00:00:00Z", terraform_version="1.12.0", variables={}))

    assert plan_hash(one) == plan_hash(other)
    assert plan_differences(one, other) == []


def test_the_order_of_resources_and_keys_means_nothing() -> None:
    turned = json.loads(json.dumps(plan(TABLE, QUEUE)), object_pairs_hook=lambda pairs: dict(reversed(pairs)))

    assert plan_hash(changes_of(turned)) == plan_hash(changes_of(plan(QUEUE, TABLE)))


def test_the_order_inside_a_list_means_something() -> None:
    there = changes_of(plan(update("a", {"list": []}, {"list": [1, 2]})))
    back = changes_of(plan(update("a", {"list": []}, {"list": [2, 1]})))

    assert plan_differences(there, back) == ["a: differs in list"]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (update("a", {"x": 1}, {"x": 3}), "a: differs in x"),
        (update("a", {"x": 0}, {"x": 2}), "a: differs in x"),
        (update("a", {"x": 1, "y": 1}, {"x": 2, "y": 2}), "a: differs in y"),
        (update("a", {"x": 1}, {"x": 2}, replace_paths=[["x"]]), "a: differs in replace_paths"),
        (resource("a", "delete", "create", before={"x": 1}, after={"x": 2}), "a: differs in actions"),
        ({**update("a", {"x": 1}, {"x": 2}), "previous_address": "b"}, "a: differs in previous_address"),
        (update("a", {"x": 1}, {}, after_unknown={"x": True}), "a: differs in x"),
    ],
)
def test_whatever_would_be_done_differently_is_a_difference(changed: Plan, said: str) -> None:
    before, now = changes_of(plan(update("a", {"x": 1}, {"x": 2}))), changes_of(plan(changed))

    assert plan_differences(before, now) == [said]
    assert plan_hash(before) != plan_hash(now)


def test_a_resource_or_an_output_in_only_one_of_the_plans_is_a_difference() -> None:
    output = {"url": {"actions": ["create"], "before": None, "after": "https://example.com"}}

    found = plan_differences(changes_of(plan(QUEUE)), changes_of(plan(TABLE, outputs=output)))

    assert found == [
        "aws_dynamodb_table.menu: only in the new plan",
        "aws_sqs_queue.placed: only in the reviewed plan",
        "output url: only in the new plan",
    ]


def test_attributes_that_stay_are_left_out_so_that_they_may_change_meanwhile() -> None:
    then = update("pool", {"users": 5, "name": "a"}, {"users": 5, "name": "b"})
    now = update("pool", {"users": 9, "name": "a"}, {"users": 9, "name": "b"})

    assert changes_of(plan(then)) == changes_of(plan(now))


def test_what_is_computed_anew_is_compared_without_its_old_value() -> None:
    unknown = {"after_unknown": {"modified": True}}

    monday = changes_of(plan(update("a", {"x": 1, "modified": "monday"}, {"x": 2}, **unknown)))
    tuesday = changes_of(plan(update("a", {"x": 1, "modified": "tuesday"}, {"x": 2}, **unknown)))

    assert monday == tuesday
    assert monday["resources"][0]["attributes"]["modified"] == {"after": "(known after apply)"}


def test_unknown_values_inside_blocks_and_lists_are_shown_where_they_stand() -> None:
    after = {"block": [{"name": "a"}, {"name": "b"}]}
    marks = {"block": [{}, {"arn": True}]}

    found = changes_of(plan(resource("a", "create", after=after, after_unknown=marks)))

    block = found["resources"][0]["attributes"]["block"]["after"]
    assert block == [{"name": "a"}, {"name": "b", "arn": "(known after apply)"}]


@pytest.mark.parametrize(
    ("after", "marks"),
    [
        ({"password": "hunter2", "name": "b"}, {"password": True}),
        ({"block": [{"password": "hunter2"}], "name": "b"}, {"block": [{"password": True}]}),
        ({"block": {"password": "hunter2"}, "name": "b"}, {"block": True}),
        ({"tags": ["public", "hunter2"], "name": "b"}, {"tags": [False, True]}),
    ],
)
def test_sensitive_values_are_masked_wherever_they_stand(after: dict[str, Any], marks: dict[str, Any]) -> None:
    found = json.dumps(changes_of(plan(resource("a", "create", after=after, after_sensitive=marks))))

    assert "hunter2" not in found
    assert "(sensitive)" in found
    assert '"b"' in found


def test_a_resource_that_is_sensitive_as_a_whole_shows_nothing() -> None:
    old, new = {"x": "hunter1"}, {"x": "hunter2"}

    found = json.dumps(changes_of(plan(update("a", old, new, before_sensitive=True, after_sensitive=True))))

    assert "hunter" not in found


def test_a_sensitive_value_is_only_seen_to_change() -> None:
    marks = {"before_sensitive": {"password": True}, "after_sensitive": {"password": True}}

    same = changes_of(plan(update("a", {"password": "old", "x": 1}, {"password": "old", "x": 2}, **marks)))
    changed = changes_of(plan(update("a", {"password": "old", "x": 1}, {"password": "new", "x": 2}, **marks)))

    assert plan_differences(same, changed) == ["a: differs in password"]


def test_sensitive_outputs_are_masked() -> None:
    marks = {"before_sensitive": True, "after_sensitive": True, "after_unknown": False}
    output = {"actions": ["update"], "before": "hunter1", "after": "hunter2", **marks}

    found = changes_of(plan(outputs={"key": output}))

    assert found["outputs"] == {"key": {"before": "(sensitive)", "after": "(sensitive)"}}


def test_all_of_a_resource_that_goes_is_kept_but_what_moves_by_itself() -> None:
    before = {"id": "a-1", "bucket": "theirs", "input": '{"action": "charge"}', "status": "Deployed", "tags": {}}

    found = changes_of(plan(resource("a", "delete", before=before)))

    assert found["resources"][0]["attributes"] == {
        name: {"before": before[name], "after": None} for name in ("bucket", "id", "input")
    }


@pytest.mark.parametrize("value", ["x" * 5000, ["x" * 5000], {"a": {"b": "x" * 5000}}])
def test_a_long_text_of_a_resource_that_goes_is_told_from_others_by_its_hash(value: Any) -> None:
    def shown(value: Any) -> str:
        found = changes_of(plan(resource("a", "delete", before={"code": value})))
        return str(found["resources"][0]["attributes"]["code"]["before"])

    assert len(shown(value)) < 320
    assert "x…" in shown(value)
    assert "characters, SHA-256 " in shown(value)
    assert shown(value) != shown(json.loads(json.dumps(value).replace('xx"', 'xy"')))


def test_what_is_sensitive_of_a_resource_that_goes_is_masked() -> None:
    found = changes_of(
        plan(resource("a", "delete", before={"id": "a", "secret": "hunter2"}, before_sensitive={"secret": True}))
    )

    assert found["resources"][0]["attributes"]["secret"] == {"before": "(sensitive)", "after": None}


def test_a_change_of_another_resource_under_the_same_address_is_a_difference() -> None:
    reviewed = changes_of(plan(update("a", {"id": "ours", "policy": "x"}, {"id": "ours", "policy": "y"})))
    now = changes_of(plan(update("a", {"id": "theirs", "policy": "x"}, {"id": "theirs", "policy": "y"})))

    assert plan_differences(reviewed, now) == ["a: differs in id_before"]
    assert plan_hash(reviewed) != plan_hash(now)


@pytest.mark.parametrize("actions", [["no-op"], ["read"]])
def test_a_plan_that_changes_nothing_is_empty(actions: list[str]) -> None:
    output = {"url": {"actions": ["no-op"], "before": "a", "after": "a"}}

    found = changes_of(plan(resource("a", *actions, before={"x": 1}, after={"x": 1}), outputs=output))

    assert is_empty(found)


def test_a_move_without_a_change_is_shown() -> None:
    moved = {**resource("new", "no-op", before={"x": 1}, after={"x": 1}), "previous_address": "old"}

    found = changes_of(plan(moved))

    assert [one["previous_address"] for one in found["resources"]] == ["old"]


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        ({"errored": True}, "the plan is incomplete: Terraform stopped with an error while it planned"),
        ({"complete": False}, "the plan is incomplete: Terraform stopped with an error while it planned"),
        ({"format_version": "2.0"}, "the plan has the format version 2.0, expected 1.x"),
        ({"deferred_changes": [{}]}, "the plan has deferred_changes, which a review wouldn't show"),
    ],
)
def test_a_plan_that_cannot_be_shown_whole_is_refused(broken: dict[str, Any], said: str) -> None:
    with pytest.raises(UserError, match=f"^{said}$"):
        changes_of(plan(QUEUE, **broken))
