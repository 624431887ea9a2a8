"""An emulator with a state bucket, the stacks' backend, and a built page with a bucket."""

import json
import uuid
from pathlib import Path
from typing import Any

import pytest

from deployment.stack import synthesized
from local.deploy import make_state_bucket
from local.server_process import Server


@pytest.fixture(scope="session")
def synthesized_output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The stacks of two environments, synthesized once."""
    output = tmp_path_factory.mktemp("synthesized")
    for environment in ("local", "dev"):
        synthesized("orders", environment, output=output, aws={"AWS_REGION": "us-east-1"})
    return output


@pytest.fixture
def backend(synthesized_output: Path, emulator: Server, request: pytest.FixtureRequest) -> dict[str, Any]:
    """The backend of orders-local, with a key of the test's own in an existing bucket."""
    make_state_bucket(emulator.account, synthesized_output)
    stack = json.loads((synthesized_output / "stacks" / "orders-local" / "cdk.tf.json").read_text())
    return {**stack["terraform"]["backend"]["s3"], "key": f"{request.node.name}.tfstate"}


@pytest.fixture
def dist(tmp_path: Path) -> Path:
    """A page as the build writes it."""
    (tmp_path / "dist" / "assets").mkdir(parents=True)
    files = {
        "index.html": "<p>1</p>",
        "icon.svg": "<svg/>",
        "assets/app-1a.js": "start()",
        "assets/app-1a.css": "p{}",
        "robots.txt": "",
    }
    for name, text in files.items():
        (tmp_path / "dist" / name).write_text(text)
    return tmp_path / "dist"


@pytest.fixture
def bucket(emulator: Server) -> str:
    """An empty bucket for a page."""
    name = f"page-{uuid.uuid4().hex[:8]}"
    emulator.client("s3").create_bucket(Bucket=name)
    return name
