"""Turn a checkout written for CDKTF into one for CDK Terrain, its community's fork: only names change."""

import re
from collections.abc import Mapping
from pathlib import Path

# By file suffix, what becomes what.
RULES: Mapping[str, tuple[tuple[re.Pattern[str], str], ...]] = {
    ".py": (
        (re.compile(r"^(\s*(?:from|import) )cdktf(?=[.\s,])", re.MULTILINE), r"\1cdktn"),
        # Also in strings: stacks/synth/lazy_bindings.py registers the package by its name.
        (re.compile(r"\bcdktf_cdktf_provider_aws\b"), "cdktn_provider_aws"),
    ),
    ".cjs": (
        # The JavaScript package, as it stands in a pattern of stacks/synth/lazy_requires.cjs.
        (re.compile(r"@cdktf(?=[\[/])"), "@cdktn"),
        # Its index wraps each require; the getter may go without, these modules are marked as ES modules.
        (re.compile(r"(= )(require\\\(.+\\\))(;\$)"), r"\1__importStar\\(\2\\)\3"),
    ),
}


def rewrite(text: str, *, suffix: str) -> str:
    """The text of a file with that suffix, written for CDK Terrain."""
    for pattern, replacement in RULES.get(suffix, ()):
        text = pattern.sub(replacement, text)
    return text


def rewrite_checkout(root: Path) -> list[Path]:
    """Rewrite the sources below the root in place, not what is installed there, and return those that changed."""
    changed = []
    for path in sorted(path for suffix in RULES for path in root.rglob(f"*{suffix}")):
        if any(part == "node_modules" or part.startswith(".") for part in path.relative_to(root).parts):
            continue
        before = path.read_text(encoding="utf-8")
        after = rewrite(before, suffix=path.suffix)
        if after != before:
            path.write_text(after, encoding="utf-8")
            changed.append(path)
    return changed
