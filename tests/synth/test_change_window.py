"""The change window of a local run reaches that run's stacks, and no environment on AWS."""

from pathlib import Path

import pytest

from environments.user_error import UserError
from local.deploy import synthesize


def test_the_change_window_of_a_run_is_in_its_api_and_on_its_page_only(tmp_path: Path) -> None:
    usual, with_one = tmp_path / "usual", tmp_path / "with one"

    fingerprints = synthesize(usual), synthesize(with_one, change_window="20")

    differing = {
        path.parent.name
        for path in usual.glob("stacks/*/cdk.tf.json")
        if path.read_bytes() != (with_one / path.relative_to(usual)).read_bytes()
    }
    page = (with_one / "stacks" / "web-local" / "cdk.tf.json").read_text(encoding="utf-8")
    orders = (with_one / "stacks" / "orders-local" / "cdk.tf.json").read_text(encoding="utf-8")
    assert differing == {"orders-local", "web-local"}
    assert fingerprints[0] != fingerprints[1]
    assert r"\"changeWindowSeconds\" = 20" in page
    assert r"{\"eventName\": [\"INSERT\", \"MODIFY\"]}" in orders


@pytest.mark.parametrize("said", ["901", "-1", "abc", "--port", "5.0", "1\n2"])
def test_a_change_window_that_can_not_be_is_one_line_that_names_what_was_typed(tmp_path: Path, said: str) -> None:
    with pytest.raises(UserError) as refused:
        synthesize(tmp_path, change_window=said)

    assert str(refused.value) == (
        f"the stacks can't be synthesized: CHANGE_WINDOW: got {said!r}, expected a whole number from 0 to 900"
    )


def test_one_that_was_exported_is_named_as_it_was_exported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ORDERS_CHANGE_WINDOW_SECONDS", "901")

    with pytest.raises(UserError, match="synthesized: ORDERS_CHANGE_WINDOW_SECONDS: got '901', expected a whole"):
        synthesize(tmp_path)
