"""`.local/outputs.json`: what runs where, for people, tests and scripts."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from deployment.run_lock import BUSY, is_locked
from environments.named_errors import naming
from environments.user_error import UserError

FILE_NAME = "outputs.json"


def write_outputs(directory: Path, outputs: Mapping[str, Any]) -> Path:
    """Write the file for its owner's eyes only: it holds keys and a password."""
    path = directory / FILE_NAME
    partial = directory / f"{FILE_NAME}.partial"
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with naming(path), os.fdopen(descriptor, "w") as file:
        json.dump(outputs, file, indent=2)
        file.write("\n")
    partial.replace(path)
    return path


def read_outputs(directory: Path) -> dict[str, Any]:
    """Read what `make up` wrote; an error that says so when nothing runs, or when the file was damaged since."""
    path = directory / FILE_NAME
    try:
        outputs = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        said = BUSY if is_locked(directory) else "the local run isn't up: start it with `make up`"
        raise UserError(said) from None
    except (ValueError, RecursionError):
        outputs = None
    if not isinstance(outputs, dict):
        raise UserError(f"{path} is damaged: remove it, and `make up` writes it anew")
    return outputs


def aws_environment(outputs: Mapping[str, Any]) -> dict[str, str]:
    """The variables with which AWS's SDKs, Terraform's provider and its S3 backend reach the local run."""
    return {
        "AWS_ENDPOINT_URL": outputs["aws_endpoint_url"],
        "AWS_ENDPOINT_URL_S3": outputs["aws_endpoint_url"],
        "AWS_REGION": outputs["region"],
        "AWS_DEFAULT_REGION": outputs["region"],
        "AWS_ACCESS_KEY_ID": outputs["access_key_id"],
        "AWS_SECRET_ACCESS_KEY": outputs["secret_access_key"],
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
    }
