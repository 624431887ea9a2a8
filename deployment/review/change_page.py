"""`changes.md`: what this checkout changes in one environment."""

import difflib
import json
from collections.abc import Iterator, Sequence
from typing import Any

from deployment.review.markdown import block, code, table
from deployment.review.stack_difference import ABSENT, StackDifference, ValueChange

LONG = 100


def change_page(
    differences: Sequence[StackDifference], *, settings: Sequence[ValueChange], pins: Sequence[ValueChange], base: str
) -> Iterator[str]:
    """Yield the lines of the page."""
    yield from (f"Compared with {code(base)}, the commit at which this branch left the base.", "")
    if not settings and not pins and all(difference.empty for difference in differences):
        yield from ("Nothing changes.", "")
        return
    yield from _values("Settings (environments.toml)", settings)
    yield from _values("Python packages of the functions", pins)
    for difference in differences:
        if not difference.empty:
            yield from (f"## {difference.after.name}", "", *_stack(difference))


def count_changes(differences: Sequence[StackDifference]) -> tuple[str, str]:
    """Count the resources and the permissions that come, go and change; nothing where none does."""
    added, removed, changed, granted, revoked = (
        sum(len(getattr(difference, what)) for difference in differences)
        for what in ("added", "removed", "changed", "granted", "revoked")
    )
    resources = [(added, "added"), (removed, "removed"), (changed, "changed")]
    permissions = [(granted, "new"), (revoked, "gone")]
    return _counted(resources), _counted(permissions)


def _counted(numbers: Sequence[tuple[int, str]]) -> str:
    return ", ".join(f"{number} {what}" for number, what in numbers if number)


def _stack(difference: StackDifference) -> Iterator[str]:
    if difference.granted or difference.revoked:
        lines = [*(f"- {line}" for line in difference.revoked), *(f"+ {line}" for line in difference.granted)]
        yield from ("### Permissions", "", *block("\n".join(lines), "diff"), "")
    for title, resources in (("Added", difference.added), ("Removed", difference.removed)):
        if resources:
            stack = difference.after if title == "Added" else difference.before
            rows = [[code(one.type), code(one.path), code(stack.name_of(one))] for one in resources]
            yield from (f"### {title} resources", "", *table(["type", "place in the stack", "name"], rows), "")
    if difference.changed:
        yield from ("### Changed resources", "")
    for address, values in difference.changed.items():
        resource = difference.after.by_address[address]
        yield from (f"#### {code(resource.path)} ({resource.type})", "", *_changes(values))
    yield from _values("Provider, backend, variables and outputs", difference.surroundings, level=3)


def _values(title: str, values: Sequence[ValueChange], *, level: int = 2) -> Iterator[str]:
    if values:
        yield from (f"{'#' * level} {title}", "", *_changes(values))


def _changes(values: Sequence[ValueChange]) -> Iterator[str]:
    short = [change for change in values if not _is_long(change)]
    if short:
        rows = [[code(change.where), code(_text(change.before)), code(_text(change.after))] for change in short]
        yield from (*table(["", "before", "after"], rows), "")
    for change in values:
        if _is_long(change):
            yield from (f"{code(change.where)}:", "", *block("\n".join(_lines(change)), "diff"), "")


def _is_long(change: ValueChange) -> bool:
    return any("\n" in text or len(text) > LONG for text in (_text(change.before), _text(change.after)))


def _lines(change: ValueChange) -> Iterator[str]:
    before, after = (_text(value).splitlines() for value in (change.before, change.after))
    for line in difflib.unified_diff(before, after, lineterm="", n=2):
        if not line.startswith(("---", "+++")):
            yield line


def _text(value: Any) -> str:
    if value is ABSENT:
        return ""
    if isinstance(value, str):
        return value
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= LONG else json.dumps(value, ensure_ascii=False, indent=2)
