"""SynthRun makes no more calls to jsii than it did, and the stacks have no more resources."""

import subprocess
import sys
from pathlib import Path

from deployment.repository_paths import ROOT
from tests.support.golden_counts import require_golden
from tests.synth.support.synth_run import SynthRun, clean_environment


def test_synthesis_makes_no_more_calls_to_jsii_than_it_did(tmp_path: Path) -> None:
    environment = {**clean_environment(), "CDKTF_OUTDIR": str(tmp_path / "cdktf.out")}

    counted = subprocess.run(
        [sys.executable, "-m", "bench.jsii_calls"], cwd=ROOT, env=environment, stdout=subprocess.PIPE, check=True
    )

    require_golden({"calls to jsii": int(counted.stdout)})


def test_the_stacks_have_no_more_resources_than_they_did(synthesis: SynthRun) -> None:
    resources = {
        name: sum(len(stack.all(type_)) for type_ in stack.types) for name, stack in synthesis.stacks().items()
    }

    require_golden({"resources of all stacks": sum(resources.values()), "resources of dev": resources["orders-dev"]})
