"""The synthesis of all environments, against the least that CDKTF takes for it and against the plain import."""

import json
import subprocess
import sys
from functools import partial
from pathlib import Path

from bench.interleaved_rounds import in_turns, only
from bench.result_tables import Values, compared_table
from bench.timed_program import timed
from deployment.child_environment import child_environment
from deployment.repository_paths import NODE, ROOT

OURS, FLOOR, IMPORT = "`python main.py`, all environments", "CDKTF's core alone", "`import cdktf_cdktf_provider_aws`"
_PLAIN_IMPORTS = 1  # it takes half a minute


def report(folder: Path, *, rounds: int) -> str:
    """Return the tables; the folder takes what is synthesized, and keeps `ours`."""
    ours, floor = folder / "ours", folder / "floor"
    folder.mkdir(parents=True)
    calls = _calls(ours)
    resources = resources_in(ours)
    commands = {
        OURS: ([sys.executable, "main.py"], ours),
        FLOOR: ([sys.executable, "-m", "bench.synthesis_floor", str(ours)], floor),
    }

    def run(name: str) -> dict[str, float]:
        command, output = commands[name]
        return timed(command, folder=ROOT, environment=_environment(output))

    run(FLOOR)  # so that its modules are compiled too
    measured = in_turns({name: partial(run, name) for name in commands}, rounds)
    assert resources_in(floor) == resources
    plain = [sys.executable, "-c", "import cdktf_cdktf_provider_aws"]
    measured |= in_turns({IMPORT: lambda: timed(plain, folder=ROOT, environment=_environment(folder))}, _PLAIN_IMPORTS)
    tables = [_table(figure, only(figure, measured)) for figure in measured[OURS]]
    counted = f"{calls:,} calls to jsii for {resources:,} resources, {calls / resources:.1f} each."
    return "\n\n".join([*tables, counted])


def resources_in(folder: Path) -> int:
    """Return the number of resources in all stacks of a synthesis."""
    documents = [json.loads(path.read_text(encoding="utf-8")) for path in folder.glob("stacks/*/cdk.tf.json")]
    return sum(len(resources) for document in documents for resources in document["resource"].values())


def _table(figure: str, measured: dict[str, Values]) -> str:
    return compared_table(f"synthesis: {figure}", measured, [FLOOR, IMPORT])


def _calls(output: Path) -> int:
    counted = subprocess.run(
        [sys.executable, "-m", "bench.jsii_calls"],
        cwd=ROOT,
        env=_environment(output),
        stdout=subprocess.PIPE,
        check=True,
    )
    return int(counted.stdout)


def _environment(output: Path) -> dict[str, str]:
    return {**child_environment(), "CDKTF_OUTDIR": str(output), "JSII_NODE": str(NODE)}
