"""AWS's own tools work in a shell with the variables that docs/operations.md names, whatever was set there."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from deployment.repository_paths import ROOT

ENDPOINT, REGION = "http://127.0.0.1:4566", "us-east-1"
INHERITED = {
    "AWS_PROFILE": "broken",
    "AWS_DEFAULT_PROFILE": "broken",
    "AWS_REGION": "nowhere",
    "AWS_SESSION_TOKEN": "somebody's",
    "AWS_SECURITY_TOKEN": "somebody's",
    "AWS_ENDPOINT_URL_DYNAMODB": "http://127.0.0.1:9",
    "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true",
}
CONFIGURATION = "[default]\nignore_configured_endpoint_urls = true\nregion = nowhere\n"
# Does what the documented calls of jq do; who runs these tests may not have it.
JQ = """jq() { "$PYTHON" -c 'import json, sys; print(json.load(open(sys.argv[3]))[sys.argv[2][1:]])' "$@"; }"""


@pytest.fixture
def shell(outputs: dict[str, Any], tmp_path: Path) -> str:
    """The documented lines, up to the first call of a tool, with the addresses of this run."""
    (tmp_path / ".local").mkdir()
    (tmp_path / ".local" / "outputs.json").write_text(json.dumps(outputs))
    text = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    (lines,) = re.findall(r"^    for name in \$\(env.*?(?=^    aws )", text, flags=re.MULTILINE | re.DOTALL)
    return str(lines).replace(ENDPOINT, outputs["aws_endpoint_url"]).replace(REGION, outputs["region"])


@pytest.mark.parametrize(
    "call",
    [
        "client('dynamodb').list_tables()",
        "client('sqs').list_queues()",
        "client('s3').list_buckets()",
        "client('stepfunctions').start_sync_execution(stateMachineArn=sys.argv[1], input='{}')",
    ],
)
def test_a_call_of_each_kind_is_answered(outputs: dict[str, Any], shell: str, tmp_path: Path, call: str) -> None:
    (tmp_path / ".aws").mkdir()
    (tmp_path / ".aws" / "config").write_text(CONFIGURATION)
    program = f"import sys; from boto3 import client; {call}"

    done = subprocess.run(
        ["bash", "-euc", f'{JQ}\n{shell}\n"$PYTHON" -c "$1" "$2"', "-", program, outputs["state_machine_arn"]],
        cwd=tmp_path,
        env={**os.environ, **INHERITED, "HOME": str(tmp_path), "NO_PROXY": "127.0.0.1", "PYTHON": sys.executable},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, "")


def test_the_region_is_named_for_every_sdk(shell: str) -> None:
    assert re.findall(r"AWS_\w*REGION=\S+", shell)[0].startswith("AWS_REGION=")  # JavaScript's reads no other
