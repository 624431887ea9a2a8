"""`python -m deployment.review` as a user runs it, in two checkouts with the same change."""

import os
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from xml.etree import ElementTree

import pytest

from deployment.repository_paths import ROOT
from deployment.review import svg
from deployment.review.architecture_graph import ArchitectureGraph
from environments.user_error import UserError
from tests.synth.support.stack_json import StackJson
from tests.synth.support.synth_run import clean_environment, copy_checkout
from tests.synth.support.terraform_validation import validate

DATE = "2026-01-01T00:00:00Z"
COMMITTER = {
    f"GIT_{who}_{what}": value
    for who in ("AUTHOR", "COMMITTER")
    for what, value in (("NAME", "a"), ("EMAIL", "a@example.com"), ("DATE", DATE))
}


def run(folder: Path, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    given = {**clean_environment(), **COMMITTER, **environment}
    return subprocess.run(command, cwd=folder, env=given, check=False, capture_output=True, text=True)


def repository(folder: Path) -> Path:
    """Make a git checkout with a change: a longer retention, and one permission less."""
    copy_checkout(folder)
    shutil.copytree(ROOT / "deployment", folder / "deployment", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copyfile(ROOT / "cdktf.json", folder / "cdktf.json")
    (folder / ".gitignore").write_text(".venv\nnode_modules\n.build\ncdktf.out\n__pycache__\n", encoding="utf-8")
    (folder / ".venv").symlink_to(sys.prefix)
    for arguments in (["init", "--initial-branch=main"], ["add", "."], ["commit", "--no-gpg-sign", "--message=base"]):
        done = run(folder, "git", *arguments)
        assert done.returncode == 0, done.stderr
    replace(folder / "environments.toml", r"(\[dev\].*?log_retention_days = )14", r"\g<1>30")
    replace(
        folder / "stacks" / "orders" / "stack.py", r"        self\.placed\.grant_send\(self\.sweep\.grantee\)\n", ""
    )
    return folder


def replace(path: Path, pattern: str, by: str) -> None:
    text, times = re.subn(pattern, by, path.read_text(encoding="utf-8"), count=1, flags=re.DOTALL)
    assert times == 1, f"{path.name} has no {pattern}"
    path.write_text(text, encoding="utf-8")


def reviewed(folder: Path, **environment: str) -> Path:
    done = run(folder, sys.executable, "-m", "deployment.review", "--output", str(folder / "review"), **environment)
    assert done.returncode == 0, done.stderr
    return folder / "review"


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def reviews(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Two reviews of the same change, with other paths, time zones and languages."""
    folders = [tmp_path_factory.mktemp("review") / name for name in ("one", "another checkout")]
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(lambda: reviewed(repository(folders[0]), TZ="UTC", LC_ALL="C.UTF-8"))
        second = pool.submit(lambda: reviewed(repository(folders[1]), TZ="Asia/Tokyo", PYTHONHASHSEED="7"))
        return first.result(), second.result()


@pytest.fixture(scope="module")
def review(reviews: tuple[Path, Path]) -> Path:
    return reviews[0]


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def test_two_reviews_of_the_same_are_byte_identical(reviews: tuple[Path, Path]) -> None:
    one, another = map(files, reviews)

    assert sorted(one) == sorted(another)
    assert [name for name in one if one[name] != another[name]] == []


def test_no_page_names_a_place_on_the_machine(review: Path) -> None:
    places = [str(review.parent), str(ROOT), os.path.expanduser("~") + os.sep]

    assert [name for name, content in files(review).items() for place in places if place.encode() in content] == []


def test_every_environment_has_its_pages(review: Path) -> None:
    pages = {"architecture.mmd", "architecture.svg", "changes.md", "dashboard.svg", "permissions.md", "resources.md"}

    for name in ("local", "dev", "staging", "prod"):
        hcl = {f"{noun}-{name}.tf" for noun in ("orders", "state", "web")}
        assert {path.name for path in (review / name).iterdir()} == pages | hcl
        assert all(f"({name}/{page})" in read(review / "README.md") for page in pages | hcl)


def test_the_index_warns_where_alarms_reach_nobody(review: Path) -> None:
    warned = re.findall(
        r"^\*\*Warning\*\*: `environments.toml \[(\w+)\] alarm_emails", read(review / "README.md"), re.M
    )

    assert warned == ["prod"]


def test_the_changes_name_the_setting_the_permission_and_the_resources(review: Path) -> None:
    said = read(review / "dev" / "changes.md")

    assert "| `log_retention_days` | `14` | `30` |" in said
    queue = "arn:aws:sqs:eu-central-1:111111111111:orders-dev-placed"
    assert f"```diff\n- role orders-dev-sweep: may sqs:SendMessage on {queue}\n```" in said
    assert "| `aws_iam_role_policy` | `sweep/Role/send-placed` | `send-placed` |" in said
    assert "#### `announce/Logs` (aws_cloudwatch_log_group)" in said
    assert "| `retention_in_days` | `14` | `30` |" in said
    assert re.search(r"\*\*dev\*\* \| 1 removed, \d+ changed \| 1 gone \| 1 \|", read(review / "README.md"))
    assert "log_retention_days" not in read(review / "prod" / "changes.md")


def test_the_table_of_resources_is_complete(review: Path, dev: StackJson) -> None:
    rows = [line for line in read(review / "dev" / "resources.md").splitlines() if line.startswith("| `")]
    addresses = {f"{type_}.{id_}" for type_, found in dev.document["resource"].items() for id_ in found}

    missing = {address for address in addresses if not any(row.endswith(f"| `{address}` |") for row in rows)}

    assert {address.split(".")[0] for address in missing} == {"aws_iam_role_policy"}
    assert len(missing) == 1  # the permission that the change took away


def test_the_picture_is_xml_that_asks_for_nothing(review: Path) -> None:
    drawing = read(review / "dev" / "architecture.svg")
    texts = {text.text for text in ElementTree.fromstring(drawing).iter("{http://www.w3.org/2000/svg}text")}  # noqa: S314

    assert {"orders", "placed", "announce", "order-express", "after 4 receives", "alarm: dead-letters"} <= texts
    assert "prefers-color-scheme: dark" in drawing
    assert re.findall(r"<script|<image|@import|url\(|href=", drawing) == []


def test_a_missing_npm_package_is_one_clear_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(svg, "RENDERER", Path(shutil.copy(svg.RENDERER, tmp_path)))

    with pytest.raises(UserError, match=r"^the picture can't be drawn: an npm package is not installed: run `make"):
        svg.svg(ArchitectureGraph([], []), title="the picture")


def test_terraform_accepts_the_hcl(review: Path, tmp_path: Path) -> None:
    """cdktf writes invalid HCL for a text of one line with both quotes and references."""
    # One stack of each kind, because environments differ in values only.
    for stack in [*(review / "local").glob("*.tf"), *islice(review.glob("delivery-*/*.tf"), 1)]:
        (tmp_path / stack.stem).mkdir()
        shutil.copy(stack, tmp_path / stack.stem)
        for package in re.findall(r'"(assets/[^"]+\.zip)"', read(stack)):
            (tmp_path / stack.stem / package).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / stack.stem / package).touch()

    # An empty text as a default is missing in the HCL.
    found = validate(tmp_path, {"orders-local": {"subscription_email": ""}})

    errors = {name: [one for one in found[name] if one["severity"] == "error"] for name in found}
    assert len(errors) == 4
    assert errors == {name: [] for name in found}


def test_a_checkout_that_cant_be_synthesized_is_one_clear_line(review: Path, tmp_path: Path) -> None:
    folder = repository(tmp_path / "broken")
    replace(folder / "environments.toml", r"log_retention_days = 30", "log_retention_days = 31")

    done = run(folder, sys.executable, "-m", "deployment.review")

    assert done.returncode == 1
    assert done.stderr.startswith(
        "this checkout can't be synthesized: environments.toml [dev] log_retention_days: got 31"
    )
    assert done.stderr.count("\n") == 1
