"""Findings of parliament, a linter of IAM policies, in the policies of prod and of delivery."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.security.support.scanners import run

# Its copy of the Service Authorization Reference is old.
# tests/synth/test_service_authorization.py uses a newer one.
OLD = {"UNKNOWN_ACTION", "UNKNOWN_CONDITION_FOR_ACTION", "RESOURCE_MISMATCH"}
# Parliament can't resolve Terraform's references.
OF_REFERENCES = {"UNKNOWN_FEDERATION_SOURCE", "INVALID_ARN", "MISMATCHED_TYPE"}


def test_no_policy_has_a_fault(reviewed: Path, tmp_path: Path) -> None:
    for name, text in _policies(reviewed):
        (tmp_path / f"{name}.json").write_text(text, encoding="utf-8")

    options = ["--include_policy_extension", "json", "--minimum_severity", "MEDIUM", "--json"]
    done = run("parliament", "--directory", str(tmp_path), *options)

    found = [json.loads(line) for line in done.stdout.splitlines()]
    left = [f"{one['issue']} {one['detail']} {one['location']}" for one in found if not _is_expected(one)]
    assert len(list(tmp_path.iterdir())) > 50
    assert left == []


def _policies(stacks: Path) -> Iterator[tuple[str, str]]:
    """Yield every policy that names resources.

    A trust policy names none, which parliament would call malformed.
    """
    for file in stacks.glob("*/cdk.tf.json"):
        for kind, resources in json.loads(file.read_text(encoding="utf-8"))["resource"].items():
            for name, resource in resources.items():
                if "Statement" in resource.get("policy", ""):
                    yield f"{file.parent.name}.{kind}.{name}", resource["policy"]


def _is_expected(found: dict[str, Any]) -> bool:
    # A role that may deploy a bucket's policy can give itself access: see docs/delivery.md.
    deploys = "-deploy" in Path(found["location"]["filepath"]).name
    if found["issue"] == "RESOURCE_POLICY_PRIVILEGE_ESCALATION":
        return deploys
    return found["issue"] in OLD | OF_REFERENCES
