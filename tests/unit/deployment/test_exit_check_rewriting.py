"""The sources for CDK Terrain differ only in names."""

import re
from pathlib import Path

import pytest

from deployment.exit_check.rewriting import rewrite, rewrite_checkout

STACKS = Path(__file__).parents[3] / "stacks"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("from cdktf import App, Fn", "from cdktn import App, Fn"),
        ("import cdktf", "import cdktn"),
        ("import cdktf.testing", "import cdktn.testing"),
        ("    from cdktf import Testing", "    from cdktn import Testing"),
        (
            "from cdktf_cdktf_provider_aws.sqs_queue import SqsQueue",
            "from cdktn_provider_aws.sqs_queue import SqsQueue",
        ),
        ('PACKAGE = "cdktf_cdktf_provider_aws"', 'PACKAGE = "cdktn_provider_aws"'),
    ],
)
def test_an_import_gets_the_forks_name(before: str, after: str) -> None:
    assert rewrite(f'"""Text."""\n{before}\n', suffix=".py") == f'"""Text."""\n{after}\n'


@pytest.mark.parametrize(
    "line",
    [
        "from constructs import Construct",
        "from deployment.cdktf import run_cdktf",
        "import cdktf_elsewhere",
        'OUTPUT = ROOT / "cdktf.out"',
        "# cdktf 0.21 lacks it",
    ],
)
def test_anything_else_stays(line: str) -> None:
    assert rewrite(line, suffix=".py") == line


def test_a_file_of_another_kind_stays() -> None:
    assert rewrite("from cdktf import App", suffix=".md") == "from cdktf import App"


def test_the_lazy_requires_find_the_forks_index_and_its_lines() -> None:
    ours = (STACKS / "synth" / "lazy_requires.cjs").read_text(encoding="utf-8")
    line = 'exports.sqsQueue = __importStar(require("./sqs-queue/index"));'

    theirs = rewrite(ours, suffix=".cjs")

    assert re.search(_pattern(theirs, "INDEX"), "node_modules/@cdktn/provider-aws/lib/index.js")
    assert not re.search(_pattern(ours, "INDEX"), "node_modules/@cdktn/provider-aws/lib/index.js")
    found = re.search(_pattern(theirs, "EAGER"), line)
    assert found
    assert found.groups() == ("sqsQueue", '"./sqs-queue/index"')
    assert not re.search(_pattern(ours, "EAGER"), line)


def test_a_checkout_is_rewritten_in_place_but_not_its_packages(tmp_path: Path) -> None:
    installed = ("node_modules/cdktf/setup.py", ".venv/lib/aws.py")
    for name in ("main.py", "stacks/queue.py", "stacks/names.py", *installed):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("from cdktf import App\n" if "names" not in name else "NAME = 'x'\n")

    changed = rewrite_checkout(tmp_path)

    assert changed == [tmp_path / "main.py", tmp_path / "stacks/queue.py"]
    assert (tmp_path / "stacks/queue.py").read_text() == "from cdktn import App\n"
    assert [(tmp_path / name).read_text() for name in installed] == ["from cdktf import App\n"] * 2


def _pattern(script: str, name: str) -> re.Pattern[str]:
    """Return a regular expression of the script, in the notation that Python shares."""
    found = re.search(rf"^const {name} = /(.+)/g?m?;$", script, re.MULTILINE)
    assert found
    return re.compile(found[1], re.MULTILINE)
