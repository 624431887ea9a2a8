"""The graph as SVG: Graphviz, compiled to WebAssembly, lays it out in the pinned Node.js."""

import re
import subprocess
from html import escape
from pathlib import Path

from deployment.repository_paths import NODE, ROOT
from deployment.review.architecture_graph import ArchitectureGraph
from deployment.review.dot import dot
from deployment.review.palette import STYLE
from environments.user_error import UserError

RENDERER = Path(__file__).with_name("render_svg.mjs")
NODE_GROUP = re.compile(r'<g id="[^"]*" class="node noun">.*?</g>', re.DOTALL)
LAID_OUT = 'font-weight="bold" font-size="13.00"'
DRAWN = 'font-weight="bold" font-size="12.00"'


def svg(graph: ArchitectureGraph, *, title: str) -> str:
    """A picture that needs no fonts, scripts or network, and follows the reader's light or dark setting."""
    done = subprocess.run(
        [str(NODE), str(RENDERER)],
        input=dot(graph),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        cwd=ROOT,
    )
    if done.returncode:
        raise UserError(f"{title} can't be drawn: {_reason(done.stderr)}")
    drawing = done.stdout[done.stdout.index("<svg") :]
    # Graphviz titles everything by its id; a reader wants one title, and the names that are drawn.
    drawing = re.sub(r"<title>.*?</title>\n?|<!--.*?-->\n?", "", drawing, flags=re.DOTALL)
    drawing = NODE_GROUP.sub(lambda group: _small_print(group[0]), drawing)
    head = f"<title>{escape(title)}</title>\n<style>\n{STYLE}\n</style>"
    return re.sub(r"(<svg[^>]*>)", lambda tag: f"{tag[1]}\n{head}", drawing, count=1)


def _small_print(group: str) -> str:
    """The name stays bold, smaller than laid out in case the reader's font is wide; the lines below it are small."""
    name, mark, below = group.partition("</text>")
    below = below.replace("<text ", '<text class="small" ').replace(LAID_OUT, 'font-size="10.00"')
    return name.replace(LAID_OUT, DRAWN) + mark + below


def _reason(said: str) -> str:
    if "ERR_MODULE_NOT_FOUND" in said:
        return "an npm package is not installed: run `make install`"
    return next((line for line in said.splitlines() if "Error" in line), "Node.js gave no reason")
