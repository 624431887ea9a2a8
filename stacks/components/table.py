"""DynamoDB tables."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from cdktf_cdktf_provider_aws.dynamodb_table import (
    DynamodbTable,
    DynamodbTableAttribute,
    DynamodbTableGlobalSecondaryIndex,
    DynamodbTablePointInTimeRecovery,
    DynamodbTableServerSideEncryption,
)
from cdktf_cdktf_provider_aws.iam_role_policy import IamRolePolicy
from constructs import Construct

from stacks.components.deletion_protection import lifecycle
from stacks.components.key import EncryptionKey
from stacks.iam import Account, Grantee


@dataclass(frozen=True)
class TableKey:
    """A hash and a range attribute, with their DynamoDB types (S or N)."""

    hash: str
    range: str
    hash_type: str = "S"
    range_type: str = "S"


@dataclass(frozen=True)
class Index:
    """A global secondary index that holds keys only."""

    name: str
    key: TableKey


class Table(Construct):
    """An on-demand table with encryption and point-in-time recovery."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        account: Account,
        key: TableKey,
        index: Index | None = None,
        stream: bool = False,
        removal_protection: bool,
        data_key: EncryptionKey | None = None,
    ) -> None:
        """Create the table; it is encrypted with the data key, or with AWS's key for DynamoDB."""
        super().__init__(scope, id_)
        self._id = id_
        self._data_key = data_key
        self.known_arn = account.arn("dynamodb", f"table/{name}")
        self.index = index
        keys = [key, *([index.key] if index else [])]
        self._resource = DynamodbTable(
            self,
            "Resource",
            name=name,
            billing_mode="PAY_PER_REQUEST",
            hash_key=key.hash,
            range_key=key.range,
            attribute=_attributes(keys),
            global_secondary_index=[_projection(index)] if index else None,
            stream_enabled=True if stream else None,
            stream_view_type="NEW_AND_OLD_IMAGES" if stream else None,
            point_in_time_recovery=DynamodbTablePointInTimeRecovery(enabled=True),
            server_side_encryption=DynamodbTableServerSideEncryption(
                enabled=True, kms_key_arn=data_key.arn if data_key else None
            ),
            deletion_protection_enabled=removal_protection,
            lifecycle=lifecycle(removal_protection),
        )

    @cached_property
    def name(self) -> str:
        """The table's name, which carries the dependency on the table."""
        return str(self._resource.name)

    @cached_property
    def stream_arn(self) -> str:
        """The ARN of the table's stream."""
        return str(self._resource.stream_arn)

    def grant(self, grantee: Grantee, *actions: str) -> list[IamRolePolicy]:
        """Let the grantee call these DynamoDB actions on the table's items, for example `GetItem`."""
        return self._allow(grantee, "use", actions, [self.known_arn])

    def grant_query_index(self, grantee: Grantee) -> list[IamRolePolicy]:
        """Let the grantee query the index."""
        if self.index is None:
            raise ValueError(f"table {self._id} has no index to query")
        return self._allow(
            grantee, f"query-{self.index.name}", ["Query"], [f"{self.known_arn}/index/{self.index.name}"]
        )

    def grant_read_stream(self, grantee: Grantee) -> list[IamRolePolicy]:
        """Let the grantee read the stream's records."""
        # The stream's ARN ends with its creation time, which nobody knows before.
        actions = ["DescribeStream", "GetRecords", "GetShardIterator", "ListStreams"]
        return self._allow(grantee, "read-stream", actions, [self.stream_arn])

    def _allow(
        self, grantee: Grantee, verb: str, actions: Sequence[str], resources: Sequence[str]
    ) -> list[IamRolePolicy]:
        calls = [f"dynamodb:{action}" for action in actions]
        grant = grantee.allow(f"{verb}-{self._id}", actions=calls, resources=resources)
        if self._data_key is None:
            return [grant]
        # DynamoDB decrypts the table's own key with the right that each caller has on the data key.
        return [grant, self._data_key.grant_use(grantee, "Decrypt", via="dynamodb", before=[self._resource])]


def _attributes(keys: Sequence[TableKey]) -> list[DynamodbTableAttribute]:
    types = {name: type_ for key in keys for name, type_ in ((key.hash, key.hash_type), (key.range, key.range_type))}
    return [DynamodbTableAttribute(name=name, type=type_) for name, type_ in sorted(types.items())]


def _projection(index: Index) -> DynamodbTableGlobalSecondaryIndex:
    return DynamodbTableGlobalSecondaryIndex(
        name=index.name, hash_key=index.key.hash, range_key=index.key.range, projection_type="KEYS_ONLY"
    )
