"""Run the pinned cdktf command line: `python -m deployment.cdktf diff local` does `cdktf diff orders-local`."""

import os
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from deployment.checkout import CDKTF, NODE, ROOT, RUN_DIRECTORY, LocalRunError
from deployment.environments import environments
from deployment.outputs import aws_environment, read_outputs
from deployment.terraform import terraform_environment

COLOURS = re.compile(r"\x1b\[[0-9;]*m")


def cdktf_environment(aws: Mapping[str, str]) -> dict[str, str]:
    """The environment of a cdktf process: this one's, the toolchain's, and the account's given by `aws`, if any."""
    inherited = dict(os.environ)
    if aws:
        # A profile or session of the user's must not reach a run that has keys and an endpoint of its own.
        inherited = {key: value for key, value in inherited.items() if not key.startswith("AWS_")}
    if not Path(inherited.get("TF_CLI_CONFIG_FILE", ROOT)).exists():
        del inherited["TF_CLI_CONFIG_FILE"]  # Terraform warns at each call of one that is missing
    return {**inherited, **terraform_environment(), "CI": "1", "FORCE_COLOR": "0", **aws}


def run_cdktf(arguments: Sequence[str], *, aws: Mapping[str, str], log: Path | None = None) -> int:
    """Run cdktf in the checkout and return its exit code; with `log` its output goes there."""
    if not NODE.exists() or not CDKTF.exists():
        raise LocalRunError("the npm packages are not installed: run `make install`")
    command = [str(NODE), str(CDKTF), *arguments]
    if log is None:
        return subprocess.run(command, cwd=ROOT, env=cdktf_environment(aws), check=False).returncode
    with log.open("w", encoding="utf-8") as output:
        return subprocess.run(
            command, cwd=ROOT, env=cdktf_environment(aws), check=False, stdout=output, stderr=subprocess.STDOUT
        ).returncode


def main(arguments: Sequence[str]) -> int:
    """`<command> [<environment>|all] [cdktf's own options]`; the local environment's endpoint comes from its run."""
    command, *rest = arguments
    wanted = rest.pop(0) if rest and not rest[0].startswith("-") else "all"
    names = environments()
    if wanted != "all" and wanted not in names:
        raise LocalRunError(f"ENV={wanted} is not in environments.toml; it has {', '.join(names)}, or say all")
    if command == "synth":
        return run_cdktf(["synth", *rest], aws={})
    if wanted == "all":
        names.remove("local")  # it has an endpoint and keys of its own: `make up` deploys it
    for name in names if wanted == "all" else [wanted]:
        aws = aws_environment(read_outputs(RUN_DIRECTORY)) if name == "local" else {}
        code = run_cdktf([command, f"orders-{name}", *rest], aws=aws)
        if code:
            return code
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except LocalRunError as error:
        sys.exit(f"{error}")
