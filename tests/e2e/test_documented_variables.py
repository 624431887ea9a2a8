"""AWS's own tools work with the variables that docs/operations.md names, and no others."""

import os
import re
import subprocess
import sys
from typing import Any

import pytest

from deployment.repository_paths import ROOT

DOCUMENT = ROOT / "docs" / "operations.md"
USUAL_ENDPOINT, USUAL_REGION = "http://127.0.0.1:4566", "us-east-1"


@pytest.fixture
def variables(outputs: dict[str, Any]) -> dict[str, str]:
    """The documented variables, with the values that they have for this run."""
    text = re.sub(
        r"\$\(jq -r \.(\w+) \.local/outputs\.json\)",
        lambda match: str(outputs[match[1]]),
        DOCUMENT.read_text(encoding="utf-8")
        .replace(USUAL_ENDPOINT, outputs["aws_endpoint_url"])
        .replace(USUAL_REGION, outputs["region"]),
    )
    exports = " ".join(re.findall(r"^    export (.+)$", text, flags=re.MULTILINE))
    return dict(re.findall(r"(AWS_\w+)=(\S+)", exports))


@pytest.mark.parametrize(
    "call",
    [
        "client('dynamodb').list_tables()",
        "client('sqs').list_queues()",
        "client('s3').list_buckets()",
        "client('stepfunctions').start_sync_execution(stateMachineArn=sys.argv[1], input='{}')",
    ],
)
def test_a_call_of_each_kind_is_answered(outputs: dict[str, Any], variables: dict[str, str], call: str) -> None:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}

    done = subprocess.run(
        [sys.executable, "-c", f"import sys; from boto3 import client; {call}", outputs["state_machine_arn"]],
        env={**inherited, "NO_PROXY": "127.0.0.1", **variables},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, "")
