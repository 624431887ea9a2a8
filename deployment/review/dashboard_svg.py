"""The picture of a dashboard: where everything stands, what is shown, and which thresholds are drawn.

It has no measured values, so that each line of a graph is a line of text.
"""

import textwrap
from collections.abc import Iterator, Sequence
from html import escape

from deployment.review.dashboard_widgets import Widget
from deployment.review.palette import INK, MUTED, PAPER, WASH

COLUMN, ROW, GAP = 40, 25, 4
COLUMNS = 24
# How many characters fit on a line of a third of the width.
LINE = 62
ALARM_COLUMNS = 5
RED = "#d62728"
STYLE = f"""\
text {{ font-family: Helvetica, Arial, sans-serif; font-size: 9px; fill: {MUTED} }}
.paper {{ fill: {PAPER} }}
.widget {{ fill: {WASH} }}
.heading {{ font-size: 15px; font-weight: bold; fill: {INK} }}
.title {{ font-size: 11px; font-weight: bold; fill: {INK} }}
.axis {{ stroke: {MUTED}; stroke-width: 0.5 }}
.threshold {{ stroke: {RED}; stroke-dasharray: 5 3 }}
.when {{ fill: {RED} }}
@media (prefers-color-scheme: dark) {{
  text {{ fill: #9198a1 }}
  .paper {{ fill: #0d1117 }}
  .widget {{ fill: #161b22 }}
  .heading, .title {{ fill: #f0f6fc }}
  .when {{ fill: #ff7b72 }}
}}"""


def dashboard_svg(widgets: Sequence[Widget], *, title: str) -> str:
    """Return a picture that needs no fonts, scripts or network, and follows the reader's light or dark setting."""
    width, height = COLUMNS * COLUMN, max((one.y + one.height) * ROW for one in widgets)
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">',
        f"<title>{escape(title)}</title>",
        f"<style>\n{STYLE}\n</style>",
        f'<rect class="paper" width="{width}" height="{height}"/>',
        *(line for widget in widgets for line in _widget(widget)),
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _widget(widget: Widget) -> Iterator[str]:
    x, y = widget.x * COLUMN + GAP, widget.y * ROW + GAP
    width, height = widget.width * COLUMN - 2 * GAP, widget.height * ROW - 2 * GAP
    if widget.type == "text":
        yield _text(x, y + 16, "heading", widget.title)
        return
    yield f'<rect class="widget" x="{x}" y="{y}" width="{width}" height="{height}" rx="4"/>'
    yield _text(x + 8, y + 15, "title", widget.title)
    if widget.type == "alarm":
        yield from _alarms(widget, x + 8, y + 32)
    else:
        yield from _graph(widget, x + 8, y + 22, width - 16)


def _alarms(widget: Widget, x: int, y: int) -> Iterator[str]:
    rows = -(-len(widget.lines) // ALARM_COLUMNS)
    for number, line in enumerate(widget.lines):
        column, row = divmod(number, rows)
        yield _text(x + column * (COLUMNS * COLUMN // ALARM_COLUMNS), y + row * 14, "", line)


def _graph(widget: Widget, x: int, y: int, width: int) -> Iterator[str]:
    """Yield the axis, each threshold as a dashed line with its label above, and the lines as text below."""
    for threshold in widget.thresholds:
        y += 15
        yield _text(x, y - 3, "when", threshold)
        yield f'<path class="threshold" d="M{x} {y}h{width}"/>'
    y += 15
    yield f'<path class="axis" d="M{x} {y}h{width}"/>'
    for line in widget.lines:
        for part in textwrap.wrap(line, LINE, subsequent_indent="  ", break_long_words=False):
            y += 11
            yield _text(x, y, "", part)


def _text(x: int, y: int, class_: str, text: str) -> str:
    named = f' class="{class_}"' if class_ else ""
    return f'<text{named} x="{x}" y="{y}" xml:space="preserve">{escape(text)}</text>'
