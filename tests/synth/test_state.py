"""The stacks that make the state buckets, and the backends that use them."""

from tests.synth.support.stack_json import Resource, StackJson, path_of


def bucket_of(stack: StackJson) -> Resource:
    """Return the bucket of the states. There may be another one for logs."""
    (bucket,) = (one for one in stack.all("s3_bucket") if path_of(one) == "bucket")
    return bucket


def about(stack: StackJson, type_: str) -> Resource:
    """Return the resource of a type that configures the bucket of the states."""
    (found,) = (one for one in stack.all(type_) if stack.referred(one["bucket"]) is bucket_of(stack))
    return found


def test_every_stack_keeps_its_state_locked_and_encrypted_in_its_environments_bucket_under_its_own_key(
    stacks: dict[str, StackJson], state_stacks: dict[str, StackJson]
) -> None:
    for environment in stacks:
        for one in (stacks[environment], state_stacks[environment]):
            backend = one.document["terraform"]["backend"]["s3"]
            bucket = bucket_of(state_stacks[environment])["bucket"]
            alias = state_stacks[environment].only("kms_alias")["name"]

            assert backend["bucket"] == bucket
            assert backend["key"] == f"{one.name}.tfstate"
            assert backend["use_lockfile"] is True
            assert backend["encrypt"] is True
            assert backend["kms_key_id"].endswith(f":{alias}")


def test_no_stack_names_a_path_of_the_machine_it_was_synthesized_on(state_stacks: dict[str, StackJson]) -> None:
    for stack in state_stacks.values():
        assert list(stack.document["terraform"]["backend"]) == ["s3"]


def test_no_deployment_removes_a_state_bucket_or_its_key(state_stacks: dict[str, StackJson]) -> None:
    for stack in state_stacks.values():
        for one in (*stack.all("s3_bucket"), *stack.all("kms_key")):
            assert one["lifecycle"] == {"prevent_destroy": True}
        assert {bucket["force_destroy"] for bucket in stack.all("s3_bucket")} == {False}


def test_a_state_bucket_is_versioned_private_and_encrypted_with_a_rotating_key(
    state_stacks: dict[str, StackJson],
) -> None:
    for stack in state_stacks.values():
        (encryption,) = about(stack, "s3_bucket_server_side_encryption_configuration")["rule"]
        blocked = about(stack, "s3_bucket_public_access_block")

        assert about(stack, "s3_bucket_versioning")["versioning_configuration"] == {"status": "Enabled"}
        assert encryption["apply_server_side_encryption_by_default"]["sse_algorithm"] == "aws:kms"
        assert "aws_kms_key." in encryption["apply_server_side_encryption_by_default"]["kms_master_key_id"]
        assert stack.only("kms_key")["enable_key_rotation"] is True
        assert {name for name, value in blocked.items() if value is True} == {
            "block_public_acls",
            "block_public_policy",
            "ignore_public_acls",
            "restrict_public_buckets",
        }


def test_old_versions_of_a_state_go_after_90_days_except_the_newest_20(state_stacks: dict[str, StackJson]) -> None:
    for stack in state_stacks.values():
        (rule,) = about(stack, "s3_bucket_lifecycle_configuration")["rule"]

        assert rule["status"] == "Enabled"
        assert rule["noncurrent_version_expiration"] == [{"noncurrent_days": 90, "newer_noncurrent_versions": 20}]


def test_terraform_refuses_to_destroy_what_holds_data_in_prod_and_only_there(stacks: dict[str, StackJson]) -> None:
    for environment, stack in stacks.items():
        for type_ in ("dynamodb_table", "sqs_queue", "s3_bucket", "cognito_user_pool"):
            resources = [one for one in stack.all(type_) if not one.get("name", "").endswith("-mailbox")]
            protected = {"lifecycle" in one and one["lifecycle"]["prevent_destroy"] for one in resources}

            assert protected == {environment == "prod"}
