"""The least that CDKTF takes for the same resources: its core alone, one override a resource.

`python -m bench.synthesis_floor FOLDER` reads the stacks in FOLDER and writes them anew to where `CDKTF_OUTDIR` says.
"""

import json
import os
import sys
from pathlib import Path

from deployment.repository_paths import NODE


def main(folder: Path) -> None:
    """Write stacks with the resources of those in the folder."""
    os.environ.setdefault("JSII_NODE", str(NODE))
    from cdktf import App, TerraformStack

    app = App()
    for path in sorted((folder / "stacks").iterdir()):
        stack = TerraformStack(app, path.name)
        document = json.loads((path / "cdk.tf.json").read_text(encoding="utf-8"))
        for type_, resources in document["resource"].items():
            for name, resource in resources.items():
                stack.add_override(f"resource.{type_}.{name}", resource)
    app.synth()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
