"""Synthesize the local stacks and deploy them to the emulator with the real cdktf; `run.py` decides when."""

import hashlib
import json
import re
import subprocess
import sys
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from deployment.aws_account import local_session
from deployment.cdktf import run_cdktf
from deployment.child_environment import child_environment
from deployment.disk_errors import reason_in
from deployment.local_outputs import aws_environment
from deployment.loopback_without_proxy import proxies_for
from deployment.repository_paths import ROOT
from environments.atomic_file import write_atomically
from environments.named_errors import naming
from environments.names import LOCAL, PAGE, SYSTEM, stack_name
from environments.settings import CHANGE_WINDOW_VARIABLE
from environments.user_error import UserError

STACKS = tuple(stack_name(noun, LOCAL) for noun in (SYSTEM, PAGE))
TYPED_CHANGE_WINDOW = "CHANGE_WINDOW"
TERRAFORM_OUTPUTS = "terraform-outputs.json"
# What was being made when somebody interrupted Terraform is there, and Terraform doesn't know it.
EXISTS = re.compile("already exists|AlreadyExists|AlreadyOwned", re.IGNORECASE)
BEGIN_ANEW = "an interrupted deployment may have made it: `make down KEEP=no`, then `make up`, begin anew"
ERROR = re.compile(r"^\S*\s*(Error: .*)$", re.MULTILINE)


def synthesize(output: Path, *, change_window: str | None = None) -> dict[str, str]:
    """Write the local stacks to the folder; returns a fingerprint of what would be deployed, by stack.

    `change_window`, in seconds, is the one of this run; without it that of the settings holds.
    """
    environment = {**child_environment(), "CDKTF_OUTDIR": str(output)}
    if change_window is not None:
        environment[CHANGE_WINDOW_VARIABLE] = change_window
    done = subprocess.run(
        [sys.executable, "main.py", LOCAL], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        said = reason_in(done.stderr.strip() or done.stdout.strip(), output)
        if change_window is not None:
            said = said.replace(CHANGE_WINDOW_VARIABLE, TYPED_CHANGE_WINDOW)
        raise UserError(f"the stacks can't be synthesized: {said}")
    variables = sorted((key, value) for key, value in environment.items() if key.startswith("TF_VAR_"))
    told = json.dumps(variables).encode()
    return {stack: hashlib.sha256(_document(output, stack).read_bytes() + told).hexdigest() for stack in STACKS}


def _document(output: Path, stack: str) -> Path:
    return output / "stacks" / stack / "cdk.tf.json"


def make_state_bucket(account: Mapping[str, Any], output: Path) -> None:
    """Make the bucket and the key that the stacks' backends name, unless they are there.

    `make bootstrap ENV=local` makes them as in AWS; it takes a minute, most of it the provider's waiting.
    """
    from botocore.exceptions import ClientError  # here, so that what doesn't call AWS starts at once

    stack = json.loads(_document(output, STACKS[0]).read_text(encoding="utf-8"))
    backend = stack["terraform"]["backend"]["s3"]
    bucket = backend["bucket"]
    s3 = client("s3", account)
    try:
        s3.head_bucket(Bucket=bucket)
    except ClientError as error:
        if error.response["Error"]["Code"] != "404":
            raise
        s3.create_bucket(Bucket=bucket)
    kms = client("kms", account)
    alias = "alias/" + backend["kms_key_id"].partition(":alias/")[2]
    if alias not in {entry["AliasName"] for entry in kms.list_aliases()["Aliases"]}:
        kms.create_alias(AliasName=alias, TargetKeyId=kms.create_key()["KeyMetadata"]["KeyId"])


def stacks_to_deploy(changed: Collection[str]) -> tuple[str, ...]:
    """Return the stacks to deploy when these have changed: cdktf deploys the page's with the one that it reads."""
    return STACKS if STACKS[1] in changed else STACKS[:1] if changed else ()


def deploy(
    account: Mapping[str, Any], output: Path, log: Path, *, changed: Collection[str], on_line: Callable[[str], None]
) -> dict[str, Any]:
    """Run `cdktf deploy` for the stacks that changed; returns all stacks' outputs, or the first error.

    A stack that reads the outputs of one that changed is deployed only if they differ. Each line that is printed goes
    to the log and to `on_line`.
    """
    outputs = log.with_name(TERRAFORM_OUTPUTS)
    told: dict[str, dict[str, Any]] = {}
    if set(changed) != set(STACKS):
        told = json.loads(outputs.read_text(encoding="utf-8"))
    known = told
    run = partial(_deploy, account, output, log, on_line=on_line)
    if stacks := stacks_to_deploy(changed):
        told = known | run(stacks)
    if told != known and stacks != STACKS:
        told = run(STACKS)
    write_atomically(outputs, json.dumps(told, indent=2) + "\n")
    values = {name: value for stack in STACKS for name, value in told[stack].items()}
    return {name.removeprefix("output-"): value for name, value in values.items()}


def _deploy(
    account: Mapping[str, Any], output: Path, log: Path, stacks: Sequence[str], *, on_line: Callable[[str], None]
) -> dict[str, dict[str, Any]]:
    """Deploy these stacks; returns their outputs by stack."""
    outputs = log.with_name(TERRAFORM_OUTPUTS)
    arguments = ["deploy", *stacks, "--auto-approve", "--skip-synth", "--output", str(output)]
    with log.open("w", encoding="utf-8", buffering=1) as file:

        def both(line: str) -> None:
            with naming(log):
                print(line, file=file)
            on_line(line)

        code = run_cdktf([*arguments, "--outputs-file", str(outputs)], aws=aws_environment(account), on_line=both)
    if code:
        reported = ERROR.findall(log.read_text(encoding="utf-8", errors="replace"))
        reason = reported[0] if reported else f"cdktf ended with exit code {code}"
        unknown = next((f"; {BEGIN_ANEW}" for error in reported if EXISTS.search(error)), "")
        raise UserError(f"the deployment failed: {reason} (all of it: {log}){unknown}")
    told: dict[str, dict[str, Any]] = json.loads(outputs.read_text(encoding="utf-8"))
    return told


def client(service: str, account: Mapping[str, Any], **credentials: str) -> Any:
    """A boto3 client of the local run, with the administrator's keys unless others are given."""
    from botocore.config import Config  # here, so that what doesn't call AWS starts at once

    keys = {"aws_access_key_id": account["access_key_id"], "aws_secret_access_key": account["secret_access_key"]}
    return local_session().client(  # type: ignore[call-overload]  # the name is not a literal here
        service,
        endpoint_url=account["aws_endpoint_url"],
        region_name=account["region"],
        # A prefix of the host, as StartSyncExecution has, doesn't resolve on loopback.
        config=Config(
            inject_host_prefix=False,
            s3={"addressing_style": "path"},
            proxies=proxies_for(account["aws_endpoint_url"]),
        ),
        **(credentials or keys),
    )
