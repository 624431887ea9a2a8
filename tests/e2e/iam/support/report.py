"""The table of the permissions that were taken away, and the paths that broke."""

from collections.abc import Collection, Iterator, Mapping

from tests.e2e.iam.support.grants import Grant
from tests.e2e.iam.support.unused_permissions import UNUSED
from tests.e2e.iam.support.used_permissions import Break

HEADINGS = Grant("role", "action", "resource")


def table(broken: Collection[Break]) -> Iterator[str]:
    """Yield the lines: permissions with the path that broke, then those that no run uses."""
    if not broken:
        return
    yield from _aligned("the path that broke without it", {one.grant: one.path for one in broken})
    yield from _aligned("why, though no local run uses it", UNUSED)


def _aligned(heading: str, rows: Mapping[Grant, str]) -> Iterator[str]:
    lines = [HEADINGS, *sorted(rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEADINGS))]
    yield ""
    for line in lines:
        cells = [cell.ljust(width) for cell, width in zip(line, widths, strict=True)]
        yield "  ".join([*cells, rows.get(line, heading)])
