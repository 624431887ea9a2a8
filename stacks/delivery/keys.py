"""Permissions for the environment's KMS keys: of what is stored, of the page, of the topics; never for the state's."""

from stacks.delivery.scope import Scope, actions, removal
from stacks.iam import Statement, allow

# The services that use a key for whoever looks at what they store, and for whoever makes and changes it.
READ_THROUGH = ("lambda", "s3")
WRITTEN_THROUGH = ("dynamodb", "lambda", "s3")


def reading_keys(scope: Scope) -> list[Statement]:
    """Reading the keys and their aliases, and what a plan reads that is encrypted: variables and the page."""
    return [
        allow(
            actions("kms", "DescribeKey GetKeyPolicy GetKeyRotationStatus ListResourceTags"),
            resources=scope.keys,
            conditions=scope.own_keys(),
        ),
        allow(["kms:Decrypt"], resources=scope.keys, conditions=scope.own_keys_through(*READ_THROUGH)),
        # IAM takes no narrower resource for this.
        allow(["kms:ListAliases"], resources=["*"], conditions=scope.in_region()),
    ]


def writing_keys(scope: Scope) -> list[Statement]:
    """Changing keys and their aliases; making and removing keys too, unless removal is an administrator's business.

    What was encrypted with a key that is gone can't be read by anybody, nor what a key's policy lets nobody use. A new
    key has the policy that its maker gives it, and a table can be encrypted anew with it.
    """
    return [
        *_making_keys(scope),
        allow(["kms:TagResource"], resources=scope.keys, conditions=scope.tagging()),
        allow(
            [
                *actions("kms", "CreateAlias DeleteAlias DisableKeyRotation EnableKeyRotation"),
                *actions("kms", "UntagResource UpdateAlias UpdateKeyDescription"),
                *removal(scope, "kms:PutKeyPolicy", "kms:ScheduleKeyDeletion"),
            ],
            resources=scope.keys,
            # A new key has no alias yet, so what it is called can't be asked for.
            conditions=scope.own_keys(),
        ),
        allow(actions("kms", "CreateAlias DeleteAlias UpdateAlias"), resources=scope.key_aliases),
    ]


def using_keys(scope: Scope) -> list[Statement]:
    """Having services encrypt with the keys what a deployment makes: tables, variables of functions, the page."""
    through = scope.own_keys_through(*WRITTEN_THROUGH)
    return [
        allow(
            actions("kms", "Decrypt Encrypt GenerateDataKey ReEncryptFrom ReEncryptTo"),
            resources=scope.keys,
            conditions=through,
        ),
        # Tables and functions go on using their key by a grant to the service, or to the function's role.
        allow(
            ["kms:CreateGrant"],
            resources=scope.keys,
            conditions={**through, "Bool": {"kms:GrantIsForAWSResource": "true"}},
        ),
    ]


def limiting_keys(scope: Scope) -> list[Statement]:
    """Return what a deployment may do with keys at most, in few statements: a limit is one policy, not a long one."""
    return [
        *_making_keys(scope),
        allow(["kms:TagResource"], resources=scope.keys, conditions=scope.tagging()),
        allow(
            [
                *actions("kms", "CreateAlias CreateGrant Decrypt DeleteAlias DisableKeyRotation"),
                *actions("kms", "EnableKeyRotation Encrypt GenerateDataKey GetKeyPolicy GetKeyRotationStatus"),
                *actions("kms", "ListResourceTags ReEncryptFrom ReEncryptTo UntagResource UpdateAlias"),
                "kms:UpdateKeyDescription",
                *removal(scope, "kms:PutKeyPolicy", "kms:ScheduleKeyDeletion"),
            ],
            resources=scope.keys,
            conditions=scope.own_keys(),
        ),
        allow(actions("kms", "CreateAlias DeleteAlias UpdateAlias"), resources=scope.key_aliases),
        allow(actions("kms", "Decrypt GenerateDataKey"), resources=scope.keys, conditions=scope.with_state_key()),
        # The provider asks whether a table's key is DynamoDB's own.
        allow(["kms:DescribeKey"], resources=scope.keys),
    ]


def _making_keys(scope: Scope) -> list[Statement]:
    making = removal(scope, "kms:CreateKey")
    return [allow(making, resources=["*"], conditions=scope.tagged("aws:RequestTag"))] if making else []
