"""A reviewed plan as Markdown, for a comment, an issue or a job's summary.

`python -m deployment.plan_report comment <folder> '["dev", "prod"]'` prints one comment of the reports in the folder.
"""

import difflib
import html
import json
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from deployment.escaped_text import visible
from deployment.plan_changes import addresses_for_administrator
from deployment.plan_rules import administrator_notice

VERBS = {
    "create": "create",
    "update": "change",
    "replace": "replace",
    "delete": "destroy",
    "forget": "leave to itself",
    "other": "move or import",
}
# GitHub refuses comments of more than 65,536 characters, and summaries of more than 1 MiB: a character has 4 bytes at
# most.
LARGEST_COMMENT = 65_000
LARGEST_SUMMARY = 250_000
SCHEMA_REPORT = "schema.md"  # what `deployment.review.schema_changes` printed
# `.github/workflows/drift.yml` has it too.
CUT = "**Warning**: this is longer than GitHub shows, and its end is missing. `make plan` shows all of it.\n\n"


def report(environment: str, document: Mapping[str, Any], *, sha256: str) -> str:
    """Describe what would change in the environment: a line that sums it up, then each resource with its attributes."""
    if not document["resources"] and not document["outputs"]:
        return f"### {environment}: no changes\n"
    counts = dict.fromkeys(VERBS, 0)
    for resource in document["resources"]:
        counts[_verb(resource["actions"])] += 1
    summary = ", ".join(f"{counts[verb]} to {text}" for verb, text in VERBS.items() if counts[verb])
    parts = [f"### {environment}: {summary or 'only outputs change'}", f"Plan `{sha256}`"]
    lines = administrator_notice(environment, list(map(_code, addresses_for_administrator(dict(document)))))
    parts += [f"<p><b>Warning</b>: {line}</p>" for line in lines]
    parts += [_resource(resource) for resource in document["resources"]]
    if document["outputs"]:
        parts.append(_details("outputs", document["outputs"]))
    return "\n\n".join(parts) + "\n"


def comment(marker: str, reports: Iterable[str]) -> str:
    """One comment of all reports, short enough for GitHub; the marker, invisible, is how it is found again."""
    first = f"<!-- {marker} -->\n## What this would change\n\n"
    return first + shorten("\n".join(reports), LARGEST_COMMENT - len(first))


def shorten(text: str, longest: int) -> str:
    """Return the text, or its beginning with a warning before it: at the end, a closed block could hide that."""
    return text if len(text) <= longest else CUT + text[: longest - len(CUT)]


def collect_reports(folder: Path, environments: Iterable[str]) -> list[str]:
    """Return what is said of the schema, and the environments' reports, with a line for each that has none."""
    schema = folder / SCHEMA_REPORT
    said = schema.read_text(encoding="utf-8").strip() if schema.exists() else ""
    first = [f"{said}\n"] if said else []
    files = {name: folder / f"{name}.md" for name in environments}
    missing = "### {}: the plan failed; the workflow run says why\n"
    reports = [
        file.read_text(encoding="utf-8") if file.exists() else missing.format(name) for name, file in files.items()
    ]
    return [*first, *reports]


def _verb(actions: Sequence[str]) -> str:
    if len(actions) == 2:
        return "replace"
    return actions[0] if actions[0] in VERBS else "other"


def _resource(resource: Mapping[str, Any]) -> str:
    title = f"{VERBS[_verb(resource['actions'])]} {_code(resource['address'])}"
    if "id_before" in resource:
        title += f", {_code(str(resource['id_before']))}"
    if "deposed" in resource:
        title += f" (deposed {_code(resource['deposed'])})"
    if "previous_address" in resource:
        title += f" (was {_code(resource['previous_address'])})"
    if importing := resource.get("importing"):
        title += f" (import {_code(json.dumps(importing, sort_keys=True))})"
    if paths := resource.get("replace_paths"):
        title += f" because of {', '.join(_code(str(path[0])) for path in paths if path)}"
    return _details(title, resource["attributes"])


def _code(text: str) -> str:
    """A text of the plan inside HTML: one line that GitHub shows as it stands.

    Around it is an HTML block, in which there is no Markdown; inside `code` nobody is mentioned and nothing linked.
    """
    return f"<code>{html.escape(visible(text), quote=False)}</code>"


def _details(title: str, attributes: Mapping[str, Any]) -> str:
    """A block that opens at its title, which is HTML."""
    text = "\n".join(visible(line) for name, values in attributes.items() for line in _attribute(name, values))
    # No text of the plan may end the block that it stands in.
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", text)), default=0))
    return f"<details><summary>{title}</summary>\n\n{fence}diff\n{text}\n{fence}\n\n</details>"


def _attribute(name: str, values: Mapping[str, Any]) -> list[str]:
    before, after = (_lines(values.get(key)) for key in ("before", "after"))
    if len(before) > 1 and len(after) > 1:
        changed = list(difflib.unified_diff(before, after, lineterm="", n=2))[2:]
        return [f"  {name}:", *changed]
    return [
        *(f"- {name}: {line}" for line in before if "before" in values and values["before"] is not None),
        *(f"+ {name}: {line}" for line in after if values.get("after") is not None),
    ]


def _lines(value: Any) -> list[str]:
    text = value if isinstance(value, str) else json.dumps(value, sort_keys=True)
    return text.removesuffix("\n").split("\n")


if __name__ == "__main__":
    # The names are a JSON array, as `deployment.github_outputs environments` prints them.
    _, marker, folder, names = sys.argv
    print(comment(marker, collect_reports(Path(folder), json.loads(names))), end="")
