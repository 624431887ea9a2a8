"""Two synthesized outputs are compared value by value. Only known differences are allowed."""

import json
from pathlib import Path
from typing import Any

import pytest

from deployment.exit_check import cdk_terrain, hcl
from deployment.exit_check.__main__ import report, report_validation
from deployment.exit_check.comparison import NOTHING, Explanation, OutputDifference, compare_values, explain


def differences(before: Any, after: Any) -> list[tuple[str, Any, Any]]:
    return [(one.path, one.before, one.after) for one in compare_values(before, after, file="stack")]


def test_equal_values_differ_nowhere() -> None:
    assert differences({"a": [1, {"b": None}]}, {"a": [1, {"b": None}]}) == []


def test_the_order_of_keys_is_no_difference() -> None:
    assert differences({"a": 1, "b": 2}, {"b": 2, "a": 1}) == []


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({"a": {"b": 1}}, {"a": {"b": 2}}, ("a.b", 1, 2)),
        ({"a": 1}, {}, ("a", 1, NOTHING)),
        ({}, {"a": None}, ("a", NOTHING, None)),
        ({"a": [1, 2]}, {"a": [1, 3]}, ("a[1]", 2, 3)),
        ({"a": [1, 2]}, {"a": [2, 1, 1]}, ("a", [1, 2], [2, 1, 1])),
        ({"a": {"b": 1}}, {"a": [{"b": 1}]}, ("a", {"b": 1}, [{"b": 1}])),
        ({"a": True}, {"a": 1}, ("a", True, 1)),
        ({"a": "1"}, {"a": 1}, ("a", "1", 1)),
    ],
)
def test_a_difference_is_found_where_it_is(before: Any, after: Any, expected: tuple[str, Any, Any]) -> None:
    assert differences(before, after) == [expected]


def test_a_list_that_got_another_order_differs() -> None:
    assert [path for path, _, _ in differences([1, 2], [2, 1])] == ["[0]", "[1]"]


def test_a_difference_is_one_line_that_names_file_place_and_values() -> None:
    found = OutputDifference("orders-dev", "resource.aws_sqs_queue.placed.name", "a", NOTHING)

    assert str(found) == 'orders-dev: resource.aws_sqs_queue.placed.name: "a" → nothing'


def test_long_values_are_shown_where_they_part() -> None:
    line = str(OutputDifference("orders-dev", "code", "x" * 500 + "one", "x" * 500 + "two\n" + "y" * 500))

    assert "one" in line
    assert "two" in line
    assert "\n" not in line
    assert len(line) < 200


def test_an_explanation_covers_its_path_and_values_only() -> None:
    explanation = Explanation("known", r"a\.b", lambda before, _after: before == 1)
    covered, elsewhere, otherwise = (
        OutputDifference("s", "a.b", 1, 2),
        OutputDifference("s", "a.bc", 1, 2),
        OutputDifference("s", "a.b", 3, 2),
    )

    explained, unexplained = explain([covered, elsewhere, otherwise], [explanation])

    assert explained == {explanation: [covered]}
    assert unexplained == [elsewhere, otherwise]


def synthesized(folder: Path, document: dict[str, Any], *, asset: bytes = b"zip") -> Path:
    stack = folder / "stacks" / "orders-dev"
    stack.mkdir(parents=True)
    (stack / "cdk.tf.json").write_text(json.dumps(document))
    (stack / "archive.zip").write_bytes(asset)
    return folder


def terraform(**changes: Any) -> dict[str, Any]:
    return {
        "//": {"metadata": {"version": "0.21.0", "backend": "s3"}},
        "terraform": {"required_providers": {"aws": {"source": "aws", "version": "5.100.0"}}},
        **changes,
    }


THEIRS = terraform(
    **{
        "//": {"metadata": {"version": "0.24.0", "backend": "s3"}},
        "terraform": {"required_providers": {"aws": {"source": "hashicorp/aws", "version": "6.69.1"}}},
    }
)


def unexplained(before: Path, after: Path) -> list[str]:
    return [str(one) for one in explain(cdk_terrain.compare_outputs(before, after), cdk_terrain.EXPLANATIONS)[1]]


def test_versions_and_the_spelling_of_the_provider_are_explained(tmp_path: Path) -> None:
    ours, theirs = synthesized(tmp_path / "1", terraform()), synthesized(tmp_path / "2", THEIRS)

    assert unexplained(ours, theirs) == []


@pytest.mark.parametrize(
    "changed",
    [
        {"resource": {"aws_sqs_queue": {"placed": {"name": "x"}}}},
        {"terraform": {"required_providers": {"aws": {"source": "somebody/aws", "version": "6.69.1"}}}},
        {"//": {"metadata": {"version": "0.24.0", "backend": "local"}}},
    ],
)
def test_any_other_difference_of_a_stack_is_not(tmp_path: Path, changed: dict[str, Any]) -> None:
    ours, theirs = synthesized(tmp_path / "1", terraform()), synthesized(tmp_path / "2", THEIRS | changed)

    assert len(unexplained(ours, theirs)) == 1


def test_another_asset_or_a_missing_file_is_not(tmp_path: Path) -> None:
    ours = synthesized(tmp_path / "1", terraform())
    theirs = synthesized(tmp_path / "2", THEIRS, asset=b"another zip")
    (theirs / "manifest.json").write_text("{}")

    found = unexplained(ours, theirs)

    assert [line.partition(":")[0] for line in found] == ["manifest.json", "stacks/orders-dev/archive.zip"]


def test_json_and_hcl_are_brought_into_one_form() -> None:
    synthesized_json = {"r": {"//": {}, "block": {"a": 1}, "list": ["x"], "policy": '{"Version":"2012"}', "text": "{x"}}
    read_from_hcl = {"r": [{"block": [{"a": 1}], "list": ["x"], "policy": '{\n  "Version": "2012"\n}\n', "text": "{x"}]}

    assert hcl.normalized(synthesized_json) == hcl.normalized(read_from_hcl)


@pytest.mark.parametrize(
    ("path", "before", "after", "known"),
    [
        ("resource.aws_appsync_function.x.code", "}\n", "}\n\n", True),
        ("resource.aws_appsync_function.x.code", "}\n", "}\n\n\n", False),
        ("resource.aws_appsync_function.x.code", "}\n", NOTHING, False),
        ("resource.aws_s3_object.x.etag", "${md5(jsonencode({a = 1}))}", "${md5(jsonencode({ a = 1 }))}", True),
        ("resource.aws_s3_object.x.etag", "${md5(jsonencode({a = 1}))}", "${md5(jsonencode({ a = 2 }))}", False),
        ("variable.subscription_email.default", "", NOTHING, True),
        ("variable.subscription_email.default", "someone@example.com", NOTHING, False),
        ("variable.subscription_email.type", "string", "${string}", True),
        ("variable.subscription_email.type", "string", "${number}", False),
        ("terraform.backend.s3.use_lockfile", True, NOTHING, False),
    ],
)
def test_hcl_may_differ_from_json_in_known_ways_only(path: str, before: Any, after: Any, known: bool) -> None:
    assert any(one.covers(OutputDifference("orders-dev", path, before, after)) for one in hcl.EXPLANATIONS) is known


def test_the_report_prints_a_reason_once_and_each_unexplained_difference(capsys: pytest.CaptureFixture[str]) -> None:
    known = Explanation("as expected", r"version")
    found = [
        OutputDifference("a", "version", 1, 2),
        OutputDifference("b", "version", 1, 2),
        OutputDifference("b", "name", "x", "y"),
    ]

    wrong = report(found, [known])

    assert wrong == 1
    assert capsys.readouterr().out.splitlines() == [
        "  2 × as expected",
        "      as a: version: 1 → 2",
        '  b: name: "x" → "y"',
        "  unexplained: 1",
    ]


def test_a_known_text_of_terraform_passes_and_any_other_fails(capsys: pytest.CaptureFixture[str]) -> None:
    known = next(iter(hcl.KNOWN))

    wrong = report_validation({"a": [known, known], "b": [known, "error: Unsupported argument: bucket"]})

    assert wrong == 1
    assert "3 × " in capsys.readouterr().out
