"""The addresses and names that a deployment's users need (`.local/outputs.json` has them too)."""

from collections.abc import Mapping

from cdktf import TerraformOutput
from constructs import Construct


def add_outputs(scope: Construct, outputs: Mapping[str, object]) -> None:
    """Add the outputs of one environment, with exactly these names; None is left out."""
    for name, value in outputs.items():
        if value is not None:
            TerraformOutput(scope, name, value=value)
