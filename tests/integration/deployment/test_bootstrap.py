"""The bucket of an environment's state, made by the stack whose state is in it."""

import json
import re

import pytest

from deployment.bootstrap import bootstrap
from environments.user_error import UserError
from tests.integration.support.bootstrap_runs import BootstrapRuns
from tests.support.background import Background

pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="session")
def story(background: Background) -> BootstrapRuns:
    told = background.result("test_bootstrap")
    assert isinstance(told, BootstrapRuns)
    return told


def test_a_stopped_bootstrap_keeps_its_state_locally_until_it_is_moved(story: BootstrapRuns) -> None:
    assert story.stopped_state_keys == []
    assert "terraform.tfstate" in story.stopped_folder


def test_a_resumed_bootstrap_moves_the_state_into_the_bucket_and_leaves_no_copy(story: BootstrapRuns) -> None:
    assert story.first_serial > 0
    assert story.resumed_folder == []


def test_a_second_bootstrap_changes_nothing(story: BootstrapRuns) -> None:
    assert story.repeated_serial == story.first_serial


def test_a_bootstrap_without_its_folder_goes_on_with_the_state_in_the_bucket(story: BootstrapRuns) -> None:
    assert story.serial_without_folder == story.first_serial


def test_the_bucket_is_versioned_encrypted_private_and_reached_over_tls_only(story: BootstrapRuns) -> None:
    assert story.versioning == "Enabled"
    assert story.encryption["SSEAlgorithm"] == "aws:kms"
    assert all(story.public_access.values())
    assert [rule["NoncurrentVersionExpiration"] for rule in story.lifecycle] == [
        {"NoncurrentDays": 90, "NewerNoncurrentVersions": 20}
    ]
    (statement,) = json.loads(story.policy)["Statement"]
    assert statement["Effect"] == "Deny"
    assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_the_state_is_encrypted_with_the_environments_key(story: BootstrapRuns) -> None:
    assert story.state_encryption["ServerSideEncryption"] == "aws:kms"
    assert story.state_encryption["SSEKMSKeyId"]


def test_a_state_that_has_more_than_the_stack_has_nothing_destroyed(story: BootstrapRuns) -> None:
    assert story.refusal.startswith("the plan of state-local would destroy aws_s3_bucket.old, and a bootstrap removes")
    assert "\n" not in story.refusal
    assert story.other_bucket_is_there


def test_what_is_there_is_changed_after_a_yes_only(story: BootstrapRuns) -> None:
    assert len(story.questions) == 2
    assert all(re.fullmatch(r"Type yes to change aws_s3_bucket_versioning\.\w+: ", one) for one in story.questions)
    assert story.versioning_before == "Suspended"
    assert story.versioning_after == "Enabled"


def test_an_environment_that_does_not_exist_is_one_clear_line() -> None:
    with pytest.raises(
        UserError, match=r"^ENV=nowhere is not in environments\.toml; it has local, dev, staging, prod$"
    ):
        bootstrap("nowhere")
