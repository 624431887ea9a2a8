"""A restored table names its source, and has none of the source's settings besides the rows."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from local.server_process import Server

MOMENT = datetime(2026, 1, 1, 12, 30, tzinfo=UTC)


@pytest.mark.parametrize("named_by", ["SourceTableName", "SourceTableArn"])
def test_a_table_restored_to_a_point_in_time_names_its_source_and_that_point(
    emulator: Server, make_table: Callable[..., str], unique: Callable[[str], str], named_by: str
) -> None:
    dynamodb, source, target = emulator.client("dynamodb"), make_table(stream=True), unique("restored")
    dynamodb.put_item(TableName=source, Item={"id": {"S": "1"}})
    arn = dynamodb.describe_table(TableName=source)["Table"]["TableArn"]
    name = {"SourceTableName": source, "SourceTableArn": arn}[named_by]

    dynamodb.restore_table_to_point_in_time(**{named_by: name}, TargetTableName=target, RestoreDateTime=MOMENT)

    table = dynamodb.describe_table(TableName=target)["Table"]
    summary = {"SourceTableArn": arn, "RestoreDateTime": MOMENT, "RestoreInProgress": False}
    assert {
        **table["RestoreSummary"],
        "RestoreDateTime": table["RestoreSummary"]["RestoreDateTime"].astimezone(UTC),
    } == summary
    assert "LatestStreamArn" not in table
    assert dynamodb.scan(TableName=target)["Items"] == [{"id": {"S": "1"}}]
    assert "RestoreSummary" not in dynamodb.describe_table(TableName=source)["Table"]


def test_the_latest_point_in_time_is_now(
    emulator: Server, make_table: Callable[..., str], unique: Callable[[str], str]
) -> None:
    dynamodb, source, before = emulator.client("dynamodb"), make_table(), datetime.now(UTC)

    answer = dynamodb.restore_table_to_point_in_time(
        SourceTableName=source, TargetTableName=unique("restored"), UseLatestRestorableTime=True
    )

    assert (
        before <= answer["TableDescription"]["RestoreSummary"]["RestoreDateTime"].astimezone(UTC) <= datetime.now(UTC)
    )


def test_a_table_restored_from_a_backup_names_its_source_and_the_backups_time(
    emulator: Server, make_table: Callable[..., str], unique: Callable[[str], str]
) -> None:
    dynamodb, source, target = emulator.client("dynamodb"), make_table(), unique("restored")
    backup = dynamodb.create_backup(TableName=source, BackupName="backup")["BackupDetails"]

    dynamodb.restore_table_from_backup(BackupArn=backup["BackupArn"], TargetTableName=target)

    table = dynamodb.describe_table(TableName=target)["Table"]
    assert table["RestoreSummary"] == {
        "SourceBackupArn": backup["BackupArn"],
        "SourceTableArn": dynamodb.describe_table(TableName=source)["Table"]["TableArn"],
        "RestoreDateTime": backup["BackupCreationDateTime"],
        "RestoreInProgress": False,
    }


def test_what_cannot_be_restored_is_refused_as_before(emulator: Server, unique: Callable[[str], str]) -> None:
    dynamodb = emulator.client("dynamodb")

    with pytest.raises(dynamodb.exceptions.TableNotFoundException):
        dynamodb.restore_table_to_point_in_time(SourceTableName=unique("none"), TargetTableName=unique("restored"))
