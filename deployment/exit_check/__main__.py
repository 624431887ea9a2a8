"""Check both ways out of CDKTF: `python -m deployment.exit_check`; 1 when anything unexplained is found."""

import tempfile
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from deployment.exit_check import cdk_terrain, hcl
from deployment.exit_check.comparison import Explanation, OutputDifference, explain
from deployment.run_command import run


def main(_arguments: Sequence[str] = ()) -> int:
    """Print what each way out would change; 0 when all of it is explained."""
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="exit-check-") as name:
        folder = Path(name)
        ours, theirs = cdk_terrain.synthesize_both(folder)
        stacks = sorted((ours / "stacks").iterdir())
        print(f"CDK Terrain instead of CDKTF, {len(stacks)} stacks:")
        wrong = report(cdk_terrain.compare_outputs(ours, theirs), cdk_terrain.EXPLANATIONS)

        written = hcl.synthesize_hcl(folder)
        print(f"HCL from `cdktf synth --hcl`, {len(stacks)} stacks:")
        wrong += report(hcl.compare_with_json(written, ours / "stacks"), hcl.EXPLANATIONS)
        print(f"`terraform validate` of that HCL, {len(stacks)} stacks:")
        wrong += report_validation({stack.name: hcl.validate(stack) for stack in sorted(written.iterdir())})
    print(f"{'failed' if wrong else 'passed'} in {time.monotonic() - started:.0f} s")
    return 1 if wrong else 0


def report(differences: Iterable[OutputDifference], explanations: Sequence[Explanation]) -> int:
    """Print the explained differences by reason and the others one a line; return how many others there are."""
    explained, unexplained = explain(differences, explanations)
    for reason, covered in explained.items():
        print(f"  {len(covered)} × {reason.reason}\n      as {covered[0]}")
    for difference in unexplained:
        print(f"  {difference}")
    print(f"  unexplained: {len(unexplained) or 'none'}")
    return len(unexplained)


def report_validation(said: Mapping[str, Sequence[str]]) -> int:
    """Print what is known of Terraform once and everything else one a line; return how much else there is."""
    for known, reason in hcl.KNOWN.items():
        if count := sum(lines.count(known) for lines in said.values()):
            print(f"  {count} × {known}: {reason}")
    others = [f"{stack}: {line}" for stack, lines in said.items() for line in lines if line not in hcl.KNOWN]
    for other in others:
        print(f"  {other}")
    print(f"  unexplained: {len(others) or 'none'}")
    return len(others)


if __name__ == "__main__":
    run(main)
