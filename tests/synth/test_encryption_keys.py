"""Data is encrypted with keys of the account, and few roles may have a service use them."""

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any

from deployment.repository_paths import ROOT
from environments.settings import Settings, load_settings, settings_of
from tests.synth.support.permission_table import statements
from tests.synth.support.stack_json import Resource, StackJson, name_of, path_of

# Types of resources that store data. A bucket has its key in a resource beside it.
STORES = ("cloudwatch_log_group", "dynamodb_table", "lambda_function", "s3_bucket", "sqs_queue")
# Actions on the key that a role needs for a call, by the service that uses the key for it.
READS, WRITES = frozenset({"kms:Decrypt"}), frozenset({"kms:Decrypt", "kms:GenerateDataKey"})
NEEDS = {
    r"dynamodb:\w+": ("dynamodb", READS),
    "sqs:SendMessage": ("sqs", WRITES),
    "sqs:ReceiveMessage": ("sqs", READS),
    "s3:PutObject": ("s3", frozenset({"kms:GenerateDataKey"})),
    "sns:Publish": ("sns", WRITES),
}


def encrypted(stack: StackJson) -> Iterator[tuple[str, str | None]]:
    """Yield the place of each resource that stores data, with the reference to its key."""
    for table in stack.all("dynamodb_table"):
        yield path_of(table), table["server_side_encryption"].get("kms_key_arn")
    for queue in stack.all("sqs_queue"):
        yield path_of(queue), queue.get("kms_master_key_id")
    for group in stack.all("cloudwatch_log_group"):
        yield path_of(group), group.get("kms_key_id")
    for function in stack.all("lambda_function"):
        yield path_of(function), function.get("kms_key_arn")
    for bucket in stack.all("s3_bucket_server_side_encryption_configuration"):
        (rule,) = bucket["rule"]
        yield path_of(bucket), rule["apply_server_side_encryption_by_default"].get("kms_master_key_id")


def key_at(stack: StackJson, path: str) -> Resource:
    """Return the key at a place of the stack."""
    (key,) = (one for one in stack.all("kms_key") if path_of(one) == path)
    return key


def used(stack: StackJson, role: Resource) -> dict[tuple[str, str], set[str]]:
    """Return a role's actions on keys, by the service that uses the key and the key's place."""
    found: dict[tuple[str, str], set[str]] = {}
    for statement in _statements(stack, role):
        if statement["Action"][0].startswith("kms:"):
            (key,) = statement["Resource"]
            service, _, _ = statement["Condition"]["StringEquals"]["kms:ViaService"].partition(".")
            found.setdefault((service, path_of(stack.referred(key))), set()).update(statement["Action"])
    return found


def needed(stack: StackJson, role: Resource) -> dict[tuple[str, str], set[str]]:
    """Return the actions on keys that the role needs for its calls."""
    found: dict[tuple[str, str], set[str]] = {}
    for statement in _statements(stack, role):
        for action in statement["Action"]:
            for pattern, (service, uses) in NEEDS.items():
                if re.fullmatch(pattern, action):
                    key = "ops/Key" if service == "sns" else "data-key"
                    found.setdefault((service, key), set()).update(uses)
    return found


def _statements(stack: StackJson, role: Resource) -> list[dict[str, Any]]:
    policies = [one for one in stack.all("iam_role_policy") if stack.referred(one["role"]) is role]
    return [statement for one in policies for statement in statements(one["policy"])]


def test_all_that_is_stored_has_the_data_key_where_the_settings_say_so(stack: StackJson, settings: Settings) -> None:
    stores = [one for type_ in STORES for one in stack.all(type_) if path_of(one) != "mailbox"]

    keys = {path: key for path, key in encrypted(stack) if path != "mailbox"}

    assert len(keys) == len(stores) > 0
    if settings.customer_keys:
        assert set(keys.values()) == {stack.reference(key_at(stack, "data-key"), "arn")}
    else:
        assert set(keys.values()) == {None}


def test_the_page_has_a_key_of_its_own_where_the_settings_say_so(web_stacks: dict[str, StackJson]) -> None:
    for settings in load_settings(ROOT / "environments.toml"):
        web = web_stacks[settings.environment]

        keys = {key for _, key in encrypted(web)}

        own = {web.reference(key_at(web, "page-key"), "arn")} if settings.customer_keys else {None}
        assert keys == own


def test_production_has_keys_of_its_own() -> None:
    assert {one.environment for one in load_settings(ROOT / "environments.toml") if one.customer_keys} == {"prod"}


def test_topics_are_encrypted_everywhere_with_the_key_that_alarms_may_use(stack: StackJson) -> None:
    key = stack.reference(key_at(stack, "ops/Key"), "arn")

    assert {name_of(topic): topic["kms_master_key_id"] for topic in stack.all("sns_topic")} == {
        f"{stack.name}-announcements": key,
        f"{stack.name}-ops": key,
    }


def test_a_role_has_services_use_the_keys_that_its_calls_need_and_no_others(
    stack: StackJson, settings: Settings
) -> None:
    roles = {name_of(role): role for role in stack.all("iam_role")}

    have = {name: used(stack, role) for name, role in roles.items()}

    for name, role in roles.items():
        wanted = needed(stack, role)
        if not settings.customer_keys:
            wanted = {use: actions for use, actions in wanted.items() if use[0] == "sns"}
        assert have[name] == wanted, name
    assert any(have.values())


def test_whoever_uses_it_may_use_the_key_before_it_is_encrypted_with_it(stack: StackJson, settings: Settings) -> None:
    encrypted_ones = {
        "dynamodb": stack.all("dynamodb_table"),
        "s3": stack.all("s3_bucket_server_side_encryption_configuration"),
        "sns": [stack.named("sns_topic", "announcements")],
        "sqs": [queue for queue in stack.all("sqs_queue") if path_of(queue) != "mailbox"],
    }
    asked = [
        (service, stack.reference(grant, "id")[2:-4])
        for service in (encrypted_ones if settings.customer_keys else ["sns"])
        for grant in stack.all("iam_role_policy")
        if grant["name"].endswith(f"-via-{service}")
    ]

    waited = {
        (service, grant)
        for service, ones in encrypted_ones.items()
        for one in ones
        for grant in one.get("depends_on", [])
        if "-via-" in grant
    }

    assert waited == set(asked)
    assert {service for service, _ in asked} == (encrypted_ones.keys() if settings.customer_keys else {"sns"})


def test_a_keys_policy_lets_the_account_and_services_in_alone(
    stack: StackJson, web_stacks: dict[str, StackJson], settings: Settings
) -> None:
    owner = {"AWS": f"arn:aws:iam::{settings.account_id}:root"}
    for one in (stack, web_stacks[stack.environment]):
        for key in one.all("kms_key"):
            first, *others = statements(key["policy"])

            assert (first["Principal"], first["Action"]) == (owner, ["kms:*"])
            for statement in others:
                assert statement["Principal"].keys() == {"Service"}, path_of(key)
                assert statement["Condition"], path_of(key)
                assert "kms:*" not in statement["Action"], path_of(key)


def test_cloudwatch_logs_may_use_the_data_key_for_each_log_group_of_the_stack_and_no_others(
    stacks: dict[str, StackJson],
) -> None:
    stack, settings = stacks["prod"], settings_of("prod")
    (logs,) = statements(key_at(stack, "data-key")["policy"])[1:]
    place = f"arn:aws:logs:{settings.region}:{settings.account_id}:log-group:"
    groups = [place + re.sub(r"\$\{.*?\}", "abc", name_of(group)) for group in stack.all("cloudwatch_log_group")]

    patterns = logs["Condition"]["ArnLike"]["kms:EncryptionContext:aws:logs:arn"]

    assert logs["Principal"] == {"Service": f"logs.{settings.region}.amazonaws.com"}
    assert [group for group in groups if not any(fnmatchcase(group, pattern) for pattern in patterns)] == []
    assert not any(fnmatchcase(f"{place}/aws/lambda/other", pattern) for pattern in patterns)


def test_cloudfront_may_decrypt_the_page_for_its_distribution(web_stacks: dict[str, StackJson]) -> None:
    web = web_stacks["prod"]

    (decrypting,) = statements(key_at(web, "page-key")["policy"])[1:]

    assert decrypting == {
        "Effect": "Allow",
        "Principal": {"Service": "cloudfront.amazonaws.com"},
        "Action": ["kms:Decrypt"],
        "Resource": ["*"],
        "Condition": {"StringEquals": {"AWS:SourceArn": web.reference(web.only("cloudfront_distribution"), "arn")}},
    }


def test_no_key_is_removed_where_removal_is_protected(stack: StackJson, settings: Settings) -> None:
    for key in stack.all("kms_key"):
        # Messages to people are soon delivered, and their key isn't needed afterwards.
        protected = settings.removal_protection and path_of(key) != "ops/Key"
        assert (key.get("lifecycle") == {"prevent_destroy": True}) is protected, path_of(key)
        assert (key["enable_key_rotation"], key["deletion_window_in_days"]) == (True, 30)
