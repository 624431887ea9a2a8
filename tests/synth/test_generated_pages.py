"""The list of alarms and the picture of the dashboard in the documentation are up to date."""

import re

from deployment.repository_paths import ROOT
from deployment.review.dashboard_svg import GAP, ROW, dashboard_svg
from deployment.review.dashboard_widgets import read_widgets
from deployment.review.synthesized_stack import SynthesizedStack
from tests.synth.support.alarm_table import ENVIRONMENT, with_alarms
from tests.synth.support.generated_pages import require_same
from tests.synth.support.stack_json import StackJson

DOCS = ROOT / "docs"


def test_the_page_lists_every_alarm_with_its_threshold_and_the_reason() -> None:
    page = DOCS / "operations.md"

    made = with_alarms(page.read_text(encoding="utf-8"))

    require_same(page, made)


def test_no_text_of_the_picture_leaves_its_widget(stack: StackJson) -> None:
    for widget in read_widgets(SynthesizedStack.read(stack.folder)):
        drawing = dashboard_svg([widget], title="one")

        lowest = max(int(y) for y in re.findall(r'<text[^>]* y="(\d+)"', drawing))
        assert lowest <= (widget.y + widget.height) * ROW - GAP, widget.title


def test_the_page_has_the_picture_of_the_dashboard(stacks: dict[str, StackJson]) -> None:
    stack = SynthesizedStack.read(stacks[ENVIRONMENT].folder)

    made = dashboard_svg(read_widgets(stack), title=f"Dashboard: {ENVIRONMENT}")

    require_same(DOCS / "dashboard.svg", made)
    assert "(dashboard.svg)" in (DOCS / "operations.md").read_text(encoding="utf-8")
