"""An environment as it would be deployed, as far as its bill depends on it."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from environments.names import PAGE, SYSTEM, stack_name
from environments.settings import Settings
from local.costs.kms_requests import KeyUse, has_encrypted_variables, key_uses

Document = dict[str, Any]


@dataclass(frozen=True)
class DeployedEnvironment:
    """An environment's settings, and the resources of its two stacks by their types and ids."""

    settings: Settings
    system: Document
    page: Document

    def all_of(self, kind: str) -> list[Document]:
        """Return the resources of a type."""
        return [one for stack in (self.system, self.page) for one in stack.get(f"aws_{kind}", {}).values()]

    @property
    def key_uses(self) -> list[KeyUse]:
        """All who have services ask KMS; the page's visitors aside."""
        return key_uses(self.system)

    @property
    def has_encrypted_variables(self) -> bool:
        """True if Lambda asks KMS whenever it starts a function anew."""
        return has_encrypted_variables(self.system)


def read_deployed_environment(settings: Settings, output: Path) -> DeployedEnvironment:
    """Read what was synthesized in the folder."""
    system, page = (_resources(output, stack_name(noun, settings.environment)) for noun in (SYSTEM, PAGE))
    return DeployedEnvironment(settings, system, page)


def _resources(output: Path, stack: str) -> Document:
    document: Document = json.loads((output / "stacks" / stack / "cdk.tf.json").read_text(encoding="utf-8"))
    resources: Document = document["resource"]
    return resources
