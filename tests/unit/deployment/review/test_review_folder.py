"""The folders of a review."""

from pathlib import Path
from typing import Any

import pytest

from deployment.review.review_folder import TITLE, BaseCheckout, compare_environments, make_pages, write_review
from deployment.review.synthesis import Synthesis
from deployment.review.synthesized_stack import SynthesizedStack
from environments.user_error import UserError
from tests.unit.support.review_documents import resource, stack

SETTINGS: dict[str, dict[str, Any]] = {"local": {"region": "a"}, "dev": {"region": "b"}}


def synthesis(*stacks: SynthesizedStack, settings: dict[str, dict[str, Any]] = SETTINGS) -> Synthesis:
    return Synthesis({one.name: one for one in stacks}, settings)


def test_stacks_stand_in_their_environments_folder_and_others_in_one_of_their_own() -> None:
    stacks = [stack(name=name) for name in ("state-dev", "orders-local", "orders-dev", "delivery-111111111111")]

    found = synthesis(*stacks).folders()

    assert {name: [one.name for one in of_it] for name, of_it in found.items()} == {
        "local": ["orders-local"],
        "dev": ["orders-dev", "state-dev"],
        "delivery-111111111111": ["delivery-111111111111"],
    }
    assert list(found) == ["local", "dev", "delivery-111111111111"]


def test_the_first_page_says_what_the_schema_does_to_clients() -> None:
    base = BaseCheckout("0123456789ab", synthesis(), {}, "type Query { a: Int b: Int }")

    pages = make_pages(head=synthesis(), hcl={}, base=base, pins={}, schema="type Query { a: Int }")

    assert "### Schema: breaks clients that are in use\n\n- `Query.b was removed.`\n" in pages["README.md"]


def test_an_environment_that_is_gone_has_a_page_that_says_so() -> None:
    gone = stack(resource("sqs_queue", "placed", name="orders-dev-placed"))
    before = synthesis(gone, settings={"dev": {"region": "b"}})

    pages = make_pages(head=synthesis(settings={}), hcl={}, base=BaseCheckout("0123456789ab", before, {}), pins={})

    assert list(pages) == ["README.md", "dev/changes.md"]
    assert "### Removed resources" in pages["dev/changes.md"]
    assert "| **dev** (gone) | 1 removed |  | 1 | [changes.md](dev/changes.md) |" in pages["README.md"]


def test_a_warning_stands_before_what_changed() -> None:
    base = BaseCheckout("0123456789ab", synthesis(settings={}), {})

    pages = make_pages(head=synthesis(settings={}), hcl={}, base=base, pins={}, warnings=["alarms reach nobody"])

    index = pages["README.md"]
    assert index.index("**Warning**: `alarms reach nobody`") < index.index("Changes since")


def test_a_review_replaces_the_one_before(tmp_path: Path) -> None:
    write_review(tmp_path / "review", {"README.md": TITLE, "dev/changes.md": "old"})

    write_review(tmp_path / "review", {"README.md": TITLE, "prod/changes.md": "new"})

    assert sorted(path.name for path in (tmp_path / "review").iterdir()) == ["README.md", "prod"]


@pytest.mark.parametrize("taken", ["", "README.md", "other/file"])
def test_what_is_no_review_is_left_alone(tmp_path: Path, taken: str) -> None:
    path = tmp_path / "output" / taken
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("# Mine\n", encoding="utf-8")

    with pytest.raises(UserError, match=r"is something else than a review: name a new or an empty folder$"):
        write_review(tmp_path / "output", {"README.md": TITLE})

    assert path.read_text(encoding="utf-8") == "# Mine\n"


@pytest.mark.parametrize("name", ["file/below", "long" * 100, "link"])
def test_a_folder_that_can_not_be_made_is_one_line(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "empty").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "empty")

    with pytest.raises(UserError, match=r"^the review can't be written: .*$"):
        write_review(tmp_path / name, {"README.md": TITLE})


def test_a_review_goes_into_a_new_folder(tmp_path: Path) -> None:
    write_review(tmp_path / "new" / "review; touch x", {"README.md": TITLE})

    assert (tmp_path / "new" / "review; touch x" / "README.md").exists()


def test_settings_and_packages_are_compared() -> None:
    before = synthesis(stack(), settings={"dev": {"region": "a"}})
    after = synthesis(stack(), settings={"dev": {"region": "b"}})

    (folder,) = compare_environments(BaseCheckout("1", before, {"boto3": "1"}), after, {"boto3": "2"})

    assert [(change.where, change.before, change.after) for change in [*folder.settings, *folder.pins]] == [
        ("region", "a", "b"),
        ("boto3", "1", "2"),
    ]


def test_a_page_shows_what_would_hide_in_it(tmp_path: Path) -> None:
    write_review(tmp_path / "review", {"README.md": f"{TITLE}\n\nuser\u202e \u2066// no admin\x1b[2K\n"})

    text = (tmp_path / "review" / "README.md").read_text(encoding="utf-8")
    assert text == f"{TITLE}\n\nuser\\u202e \\u2066// no admin\\x1b[2K\n"
