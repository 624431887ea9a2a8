"""A bootstrap that is stopped, resumed, repeated, repeated without its folder, and with a state that somebody wrote.

It takes three minutes, most of them waiting.
"""

import contextlib
import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from deployment import bootstrap as subject
from deployment.bootstrap import bootstrap
from deployment.repository_paths import ROOT
from deployment.stack import Stack, synthesized
from environments.user_error import UserError
from local.server_process import free_port, start_server
from tests.integration.support.state_backend import aws_variables

BUCKET = "orders-local-state-000000000000"
STATE = "state-local.tfstate"
OTHER = "somebody-elses"


@dataclass(frozen=True)
class BootstrapRuns:
    """The observations after each part."""

    stopped_state_keys: list[str]
    stopped_folder: list[str]
    resumed_folder: list[str]
    first_serial: int
    repeated_serial: int
    serial_without_folder: int
    versioning: str
    encryption: Mapping[str, Any]
    public_access: Mapping[str, Any]
    lifecycle: Sequence[Mapping[str, Any]]
    policy: str
    state_encryption: dict[str, Any]
    # What it says of a state that has another bucket too.
    refusal: str
    other_bucket_is_there: bool
    # What it asks before it changes what is there, and how the bucket is after that was refused and after a yes.
    questions: list[str]
    versioning_before: str
    versioning_after: str


class StoppedHere(Exception):
    """Ends a run, as an interruption would."""


def run_bootstraps(directory: Path) -> BootstrapRuns:
    """Bootstrap `state-local` on an emulator of its own, with interruptions."""
    server = start_server(port=free_port(), directory=directory, root=ROOT, log=directory / "server.log")
    patch = pytest.MonkeyPatch()
    try:
        aws = aws_variables(server)
        # The checkout doesn't change meanwhile, so one synthesis is enough.
        made = synthesized("state", "local", aws=aws)
        patch.setattr(subject, "synthesized", lambda *_, **__: made)
        s3 = server.client("s3")
        folder = directory / "bootstrap"
        _stop_before_moving(folder, aws)
        stopped_keys = _keys(s3)
        stopped_folder = _state_files(folder)
        bootstrap("local", folder=folder, aws=aws)
        resumed_folder = _state_files(folder)
        first = _serial(s3)
        bootstrap("local", folder=folder, aws=aws)
        repeated = _serial(s3)
        shutil.rmtree(folder)
        bootstrap("local", folder=folder, aws=aws)
        without_folder = _serial(s3)
        refusal = _refusal_of_written_state(s3, folder, aws)
        questions, before, after = _change_by_hand(s3, folder, aws)
        head = s3.head_object(Bucket=BUCKET, Key=STATE)
        rules = s3.get_bucket_encryption(Bucket=BUCKET)["ServerSideEncryptionConfiguration"]["Rules"]
        return BootstrapRuns(
            stopped_state_keys=stopped_keys,
            stopped_folder=stopped_folder,
            resumed_folder=resumed_folder,
            first_serial=first,
            repeated_serial=repeated,
            serial_without_folder=without_folder,
            versioning=s3.get_bucket_versioning(Bucket=BUCKET)["Status"],
            encryption=rules[0]["ApplyServerSideEncryptionByDefault"],
            public_access=s3.get_public_access_block(Bucket=BUCKET)["PublicAccessBlockConfiguration"],
            lifecycle=s3.get_bucket_lifecycle_configuration(Bucket=BUCKET)["Rules"],
            policy=s3.get_bucket_policy(Bucket=BUCKET)["Policy"],
            state_encryption={key: head.get(key) for key in ("ServerSideEncryption", "SSEKMSKeyId")},
            refusal=refusal,
            other_bucket_is_there=OTHER in {bucket["Name"] for bucket in s3.list_buckets()["Buckets"]},
            questions=questions,
            versioning_before=before,
            versioning_after=after,
        )
    finally:
        patch.undo()
        server.stop()


def _stop_before_moving(folder: Path, aws: dict[str, str]) -> None:
    """Run the bootstrap until the local apply; stop before the state is moved."""

    def stop(stack: Stack, **named: Any) -> None:
        apply(stack, **named)
        raise StoppedHere

    apply = subject._apply_with_local_state
    subject._apply_with_local_state = stop
    try:
        with contextlib.suppress(StoppedHere):
            bootstrap("local", folder=folder, aws=aws)
    finally:
        subject._apply_with_local_state = apply


def _refusal_of_written_state(s3: Any, folder: Path, aws: dict[str, str]) -> str:
    """Bootstrap with a state that has another bucket too, and put the state back."""
    s3.create_bucket(Bucket=OTHER)
    kept = s3.get_object(Bucket=BUCKET, Key=STATE)["Body"].read()
    state = json.loads(kept)
    bucket = next(one for one in state["resources"] if one["type"] == "aws_s3_bucket")
    (instance,) = bucket["instances"]
    attributes = {**instance["attributes"], "id": OTHER, "bucket": OTHER, "force_destroy": True}
    state["resources"].append({**bucket, "name": "old", "instances": [{**instance, "attributes": attributes}]})
    s3.put_object(Bucket=BUCKET, Key=STATE, Body=json.dumps(state).encode())
    try:
        bootstrap("local", folder=folder, aws=aws, confirm=lambda _: "yes")
    except UserError as error:
        return str(error)
    finally:
        s3.put_object(Bucket=BUCKET, Key=STATE, Body=kept)
    return ""


def _change_by_hand(s3: Any, folder: Path, aws: dict[str, str]) -> tuple[list[str], str, str]:
    """Suspend the bucket's versions, then bootstrap with a no and with a yes."""
    s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Suspended"})
    questions = []

    def answering(word: str) -> str:
        def confirm(question: str) -> str:
            questions.append(question)
            return word

        with contextlib.suppress(UserError):
            bootstrap("local", folder=folder, aws=aws, confirm=confirm)
        return str(s3.get_bucket_versioning(Bucket=BUCKET)["Status"])

    return questions, answering(""), answering("yes")


def _keys(s3: Any) -> list[str]:
    return [entry["Key"] for entry in s3.list_objects_v2(Bucket=BUCKET).get("Contents", [])]


def _state_files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("terraform.tfstate*"))


def _serial(s3: Any) -> int:
    return int(json.load(s3.get_object(Bucket=BUCKET, Key=STATE)["Body"])["serial"])
