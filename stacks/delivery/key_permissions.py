"""Permissions for the environment's KMS keys: of stored data, page and topics, not of the state."""

from stacks.delivery.environment_resources import Scope, actions, unless_protected
from stacks.iam import Statement, allow

# The services that use a key on behalf of somebody who reads, or who creates and changes,
# resources.
READ_THROUGH = ("lambda", "s3")
WRITTEN_THROUGH = ("dynamodb", "lambda", "s3")


def read_keys(scope: Scope) -> list[Statement]:
    """Return the permissions to read the keys, their aliases, and encrypted parts of a plan.

    Those parts are functions' variables and the page.
    """
    return [
        allow(
            actions("kms", "DescribeKey GetKeyPolicy GetKeyRotationStatus ListResourceTags"),
            resources=scope.keys,
            conditions=scope.if_own_keys(),
        ),
        allow(["kms:Decrypt"], resources=scope.keys, conditions=scope.if_own_keys_via(*READ_THROUGH)),
        # IAM has no narrower resource for this.
        allow(["kms:ListAliases"], resources=["*"], conditions=scope.if_in_region()),
    ]


def write_keys(scope: Scope) -> list[Statement]:
    """Return the permissions to change keys and their aliases, and to create and remove keys.

    With removal protection, only an administrator creates and removes keys. Nobody can read data
    whose key is gone, or whose key's policy admits nobody, or by a key without the tags that all
    permissions ask for. The policy of a new key is its creator's
    choice, and a table can be encrypted anew with it.
    """
    return [
        *_create_keys(scope),
        allow(["kms:TagResource"], resources=scope.keys, conditions=scope.if_tagging_what_holds_data()),
        allow(
            [
                *actions("kms", "CreateAlias DeleteAlias DisableKeyRotation EnableKeyRotation"),
                *actions("kms", "UpdateAlias UpdateKeyDescription"),
                *unless_protected(scope, "kms:PutKeyPolicy", "kms:ScheduleKeyDeletion", "kms:UntagResource"),
            ],
            resources=scope.keys,
            # A new key has no alias yet, so no condition can ask for its alias.
            conditions=scope.if_own_keys(),
        ),
        allow(actions("kms", "CreateAlias DeleteAlias UpdateAlias"), resources=scope.key_aliases),
    ]


def use_keys(scope: Scope) -> list[Statement]:
    """Return the right to let services encrypt what a deployment creates.

    That is tables, functions' variables and the page.
    """
    through = scope.if_own_keys_via(*WRITTEN_THROUGH)
    return [
        allow(
            actions("kms", "Decrypt Encrypt GenerateDataKey ReEncryptFrom ReEncryptTo"),
            resources=scope.keys,
            conditions=through,
        ),
        # Tables and functions continue to use their key by a grant to the service or to the
        # function's role.
        allow(
            ["kms:CreateGrant"],
            resources=scope.keys,
            conditions={**through, "Bool": {"kms:GrantIsForAWSResource": "true"}},
        ),
    ]


def key_limit(scope: Scope) -> list[Statement]:
    """Return the most that a deployment may do with keys.

    It has few statements, because a boundary is one policy with a limited size.
    """
    return [
        *_create_keys(scope),
        allow(["kms:TagResource"], resources=scope.keys, conditions=scope.if_tagging_what_holds_data()),
        allow(
            [
                *actions("kms", "CreateAlias CreateGrant Decrypt DeleteAlias DisableKeyRotation"),
                *actions("kms", "EnableKeyRotation Encrypt GenerateDataKey GetKeyPolicy GetKeyRotationStatus"),
                *actions("kms", "ListResourceTags ReEncryptFrom ReEncryptTo UpdateAlias UpdateKeyDescription"),
                *unless_protected(scope, "kms:PutKeyPolicy", "kms:ScheduleKeyDeletion", "kms:UntagResource"),
            ],
            resources=scope.keys,
            conditions=scope.if_own_keys(),
        ),
        allow(actions("kms", "CreateAlias DeleteAlias UpdateAlias"), resources=scope.key_aliases),
        allow(actions("kms", "Decrypt GenerateDataKey"), resources=scope.keys, conditions=scope.if_state_key()),
        # The provider asks if a table's key is DynamoDB's own.
        allow(["kms:DescribeKey"], resources=scope.keys),
    ]


def _create_keys(scope: Scope) -> list[Statement]:
    making = unless_protected(scope, "kms:CreateKey")
    return [allow(making, resources=["*"], conditions=scope.if_tagged("aws:RequestTag"))] if making else []
