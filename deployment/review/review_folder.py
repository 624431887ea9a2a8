"""The folder that a reviewer opens: an index, and one folder for each environment."""

import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from deployment.escaped_text import visible_lines
from deployment.review.architecture_graph import build_graph
from deployment.review.change_page import change_page, count_changes
from deployment.review.dashboard_svg import dashboard_svg
from deployment.review.dashboard_widgets import read_widgets
from deployment.review.markdown import code, table
from deployment.review.mermaid import mermaid
from deployment.review.permission_list import permission_page
from deployment.review.resource_page import resource_page
from deployment.review.schema_changes import schema_changes
from deployment.review.stack_difference import StackDifference, ValueChange, value_changes
from deployment.review.svg import svg
from deployment.review.synthesis import Synthesis
from deployment.review.synthesized_stack import SynthesizedStack
from environments.named_errors import naming
from environments.user_error import UserError

INDEX = "README.md"
TITLE = "# What this checkout deploys"
HINTS = """\
Everything here is made from the Terraform JSON that `make synth` writes; nothing was asked of AWS.

- In a picture a thick line is what flows by itself, a thin one what a role may do, a dotted one a mention.
- `{announce/Role.arn}` is an attribute that is known once the resource at that place in the stack exists.
- The HCL is for reading. Terraform gets the JSON; `cdktf synth --hcl` ends each text of several lines with one line
  break more than the JSON has."""


@dataclass(frozen=True)
class BaseCheckout:
    """The base of a comparison: a commit, what it synthesizes to, its functions' packages and its schema."""

    commit: str
    synthesis: Synthesis
    pins: Mapping[str, str]
    schema: str = ""


@dataclass(frozen=True)
class EnvironmentFolder:
    """An environment, or a stack that belongs to none, on both sides of the comparison."""

    name: str
    stacks: list[SynthesizedStack]
    differences: list[StackDifference]
    settings: list[ValueChange]
    pins: list[ValueChange]

    @property
    def is_gone(self) -> bool:
        """True if only the base has it."""
        return not self.stacks


def write_review(output: Path, pages: Mapping[str, str]) -> None:
    """Write the folder anew; no text of a stack hides or reorders what a reviewer reads."""
    require_replaceable(output)
    try:
        shutil.rmtree(output)
        for name, text in pages.items():
            path = output / name
            path.parent.mkdir(parents=True, exist_ok=True)
            with naming(path):
                path.write_text(visible_lines(text), encoding="utf-8")
    except OSError as error:
        raise UserError(f"the review can't be written: {error}") from error


def require_replaceable(output: Path) -> None:
    """Refuse a folder, or a file, that is something else than a review; make one that isn't there."""
    index = output / INDEX
    try:
        is_review = index.is_file() and index.read_bytes().startswith(TITLE.encode())
        if output.exists() and not is_review and (not output.is_dir() or any(output.iterdir())):
            raise UserError(f"{str(output)!r} is something else than a review: name a new or an empty folder")
        output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(f"the review can't be written: {error}") from error


def make_pages(
    *,
    head: Synthesis,
    hcl: Mapping[str, str],
    base: BaseCheckout,
    pins: Mapping[str, str],
    schema: str = "",
    warnings: Iterable[str] = (),
) -> dict[str, str]:
    """The text of every page, by its path in the folder."""
    folders = compare_environments(base, head, pins)
    pages = {INDEX: _text(_index(folders, base, schema_changes(base.schema, schema), warnings))}
    for folder in folders:
        changed = change_page(folder.differences, settings=folder.settings, pins=folder.pins, base=base.commit)
        pages[f"{folder.name}/changes.md"] = _text([f"# Changes: {folder.name}", "", *changed])
        if not folder.is_gone:
            pages |= {f"{folder.name}/{name}": text for name, text in _of_folder(folder, hcl)}
    return pages


def compare_environments(base: BaseCheckout, head: Synthesis, pins: Mapping[str, str]) -> list[EnvironmentFolder]:
    """Both sides of each environment, this checkout's in its order, then those that only the base has."""
    after, before = head.folders(), base.synthesis.folders()
    return [
        EnvironmentFolder(
            name,
            after.get(name, []),
            _pair(before.get(name, []), after.get(name, [])),
            list(value_changes(base.synthesis.settings.get(name, {}), head.settings.get(name, {}))),
            list(value_changes(base.pins, pins)),
        )
        for name in [*after, *(name for name in before if name not in after)]
    ]


def _pair(before: Iterable[SynthesizedStack], after: Iterable[SynthesizedStack]) -> list[StackDifference]:
    old, new = ({stack.name: stack for stack in stacks} for stacks in (before, after))
    return [
        StackDifference(old.get(name, SynthesizedStack(name, {})), new.get(name, SynthesizedStack(name, {})))
        for name in sorted({*old, *new})
    ]


def _of_folder(folder: EnvironmentFolder, hcl: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for stack in folder.stacks:
        yield f"{stack.name}.tf", _text(hcl[stack.name].splitlines())
    for page, of_stack in (("resources", resource_page), ("permissions", permission_page)):
        lines = [line for stack in folder.stacks for line in (f"## {stack.name}", "", *of_stack(stack))]
        yield f"{page}.md", _text([f"# {page.capitalize()}: {folder.name}", "", *lines])
    graph = build_graph(folder.stacks)
    yield "architecture.mmd", mermaid(graph)
    yield "architecture.svg", svg(graph, title=f"Architecture: {folder.name}")
    for stack in folder.stacks:
        if shown := read_widgets(stack):
            yield "dashboard.svg", dashboard_svg(shown, title=f"Dashboard: {folder.name}")


def _index(
    folders: list[EnvironmentFolder], base: BaseCheckout, of_schema: list[str], warnings: Iterable[str]
) -> list[str]:
    rows = [_row(folder) for folder in folders]
    shown = [folder for folder in folders if not folder.is_gone]
    pictures = [line for folder in shown for line in _picture(folder)]
    heading = ["", "resources", "permissions", "settings", "read"]
    warned = [line for warning in warnings for line in (f"**Warning**: {code(warning)}", "")]
    changed = [f"Changes since {code(base.commit)}:", "", *table(heading, rows), ""]
    return [TITLE, "", *warned, *changed, *of_schema, HINTS, "", *pictures]


def _row(folder: EnvironmentFolder) -> list[str]:
    resources, permissions = count_changes(folder.differences)
    pages = [] if folder.is_gone else ["resources.md", "permissions.md", "architecture.mmd"]
    files = ["changes.md", *pages, *(f"{stack.name}.tf" for stack in folder.stacks)]
    links = ", ".join(f"[{file}]({folder.name}/{file})" for file in files)
    settings = str(len(folder.settings) + len(folder.pins) or "")
    return [f"**{folder.name}**" + (" (gone)" if folder.is_gone else ""), resources, permissions, settings, links]


def _picture(folder: EnvironmentFolder) -> list[str]:
    dashboards = ["dashboard.svg" for stack in folder.stacks if read_widgets(stack)]
    pictures = {file: file.partition(".")[0].capitalize() for file in ["architecture.svg", *dashboards]}
    shown = [
        line for file, what in pictures.items() for line in (f"![{what} of {folder.name}]({folder.name}/{file})", "")
    ]
    return [f"## {folder.name}", "", *shown]


def _text(lines: Iterable[str]) -> str:
    return "\n".join(lines).rstrip("\n") + "\n"
