"""The workflow files, parsed."""

from pathlib import Path
from typing import Any

import yaml  # type: ignore[import-untyped]  # ships no types

from deployment.repository_paths import ROOT

FILES = sorted([*ROOT.glob(".github/workflows/*.yml"), *ROOT.glob(".github/actions/*/action.yml")])
WORKFLOWS = sorted(ROOT.glob(".github/workflows/*.yml"))
ASSUME = "aws-actions/configure-aws-credentials"

Document = dict[str, Any]


def read(path: Path) -> Document:
    """Parse a file. YAML 1.1 reads its key `on` as `true`."""
    document: dict[Any, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return {"on" if key is True else str(key): value for key, value in document.items()}


def named(name: str) -> Document:
    return read(ROOT / ".github" / "workflows" / f"{name}.yml")


def jobs(path: Path) -> dict[str, Document]:
    found: dict[str, Document] = read(path).get("jobs", {})
    return found


def steps(path: Path) -> list[Document]:
    document = read(path)
    if "runs" in document:
        return list(document["runs"]["steps"])
    return [step for job in document["jobs"].values() for step in job.get("steps", [])]


def uses(job: Document, action: str) -> bool:
    return any(step.get("uses", "").startswith(f"{action}@") for step in job.get("steps", []))
