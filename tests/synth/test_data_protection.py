"""Protection of all stored data: tables, user pool, bucket, log groups and Terraform's state."""

from deployment.repository_paths import ROOT
from environments.names import FUNCTIONS, noun
from environments.settings import Settings, load_settings
from tests.synth.support.stack_json import StackJson, name_of, path_of

KEYS = {
    "orders": ("user_id", "id"),
    "menu": ("restaurant_id", "name"),
    "payments": ("user_id", "order_id"),
    "delayed": ("order", "sequence_number"),
}


def test_the_tables_and_keys_are_those_of_the_contract(stack: StackJson) -> None:
    keys = {path_of(table): (table["hash_key"], table["range_key"]) for table in stack.all("dynamodb_table")}

    assert keys == KEYS
    assert {name_of(table) for table in stack.all("dynamodb_table")} == {f"{stack.name}-{noun}" for noun in KEYS}


def test_every_table_is_on_demand_encrypted_and_recoverable(stack: StackJson) -> None:
    for table in stack.all("dynamodb_table"):
        assert table["billing_mode"] == "PAY_PER_REQUEST", path_of(table)
        assert table["server_side_encryption"]["enabled"] is True, path_of(table)
        assert table["point_in_time_recovery"] == {"enabled": True}, path_of(table)


def test_open_orders_are_indexed_by_shard_and_due_time(stack: StackJson) -> None:
    table = stack.named("dynamodb_table", "orders")

    types = {attribute["name"]: attribute["type"] for attribute in table["attribute"]}

    assert table["global_secondary_index"] == [
        {"name": "open-orders", "hash_key": "open_shard", "range_key": "due_at", "projection_type": "KEYS_ONLY"}
    ]
    assert types == {"user_id": "S", "id": "S", "open_shard": "N", "due_at": "N"}


def test_only_the_orders_table_streams_both_images(stack: StackJson) -> None:
    streams = {path_of(table): table.get("stream_view_type") for table in stack.all("dynamodb_table")}

    assert stack.named("dynamodb_table", "orders")["stream_enabled"] is True
    assert streams == {"orders": "NEW_AND_OLD_IMAGES", "menu": None, "payments": None, "delayed": None}


def test_what_holds_data_is_protected_where_the_settings_say_so(stack: StackJson, settings: Settings) -> None:
    protected = {
        **{path_of(table): table["deletion_protection_enabled"] for table in stack.all("dynamodb_table")},
        **{path_of(pool): pool["deletion_protection"] == "ACTIVE" for pool in stack.all("cognito_user_pool")},
        **{path_of(bucket): not bucket["force_destroy"] for bucket in stack.all("s3_bucket")},
    }

    things = ("orders", "menu", "payments", "delayed", "customers", "undelivered")
    assert protected == dict.fromkeys(things, settings.removal_protection)


def test_production_is_protected() -> None:
    protected = {one.environment for one in load_settings(ROOT / "environments.toml") if one.removal_protection}

    assert protected == {"prod"}


def test_the_bucket_is_private_and_encrypted_and_ends_with_the_account_id(stack: StackJson, settings: Settings) -> None:
    bucket = stack.only("s3_bucket")
    block = stack.only("s3_bucket_public_access_block")
    encryption = stack.only("s3_bucket_server_side_encryption_configuration")

    assert bucket["bucket"] == f"{stack.name}-undelivered-{settings.account_id}"
    assert stack.referred(block["bucket"]) is stack.referred(encryption["bucket"]) is bucket
    assert {key: value for key, value in block.items() if key not in ("//", "bucket")} == dict.fromkeys(
        ("block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets"), True
    )
    algorithm = "aws:kms" if settings.customer_keys else "AES256"
    (rule,) = encryption["rule"]
    assert rule["apply_server_side_encryption_by_default"]["sse_algorithm"] == algorithm


def test_what_was_kept_can_be_brought_back_after_its_removal(stack: StackJson) -> None:
    versioning = stack.only("s3_bucket_versioning")
    lifecycle = stack.only("s3_bucket_lifecycle_configuration")

    assert stack.referred(versioning["bucket"]) is stack.referred(lifecycle["bucket"]) is stack.only("s3_bucket")
    assert versioning["versioning_configuration"] == {"status": "Enabled"}
    (rule,) = lifecycle["rule"]
    # A current object never expires.
    assert rule["noncurrent_version_expiration"] == [{"noncurrent_days": 30}]
    assert rule["expiration"] == [{"expired_object_delete_marker": True}]


def test_every_log_group_has_the_retention_of_the_settings(stack: StackJson, settings: Settings) -> None:
    retention = {path_of(group): group["retention_in_days"] for group in stack.all("cloudwatch_log_group")}

    users = (*map(noun, FUNCTIONS), "api", "order")
    assert retention == {f"{user}/Logs": settings.log_retention_days for user in users}


def test_the_state_is_in_s3_encrypted_and_locked(stack: StackJson, settings: Settings) -> None:
    backend = stack.document["terraform"]["backend"]

    assert list(backend) == ["s3"]
    assert backend["s3"]["bucket"] == settings.state_bucket
    assert backend["s3"]["key"] == f"{stack.name}.tfstate"
    assert backend["s3"]["region"] == settings.region
    assert backend["s3"]["encrypt"] is True
    assert backend["s3"]["use_lockfile"] is True


def test_a_stack_refuses_any_account_but_its_own(stack: StackJson, settings: Settings) -> None:
    (provider,) = stack.document["provider"]["aws"]

    assert provider["allowed_account_ids"] == [settings.account_id]
    assert provider["region"] == settings.region
    assert "endpoints" not in provider
    assert bool(provider.get("skip_credentials_validation")) is settings.custom_endpoint
