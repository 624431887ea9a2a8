"""A restored table says which table it was restored from, and as of when.

AWS: DescribeTable answers RestoreSummary with the source table, the point in time (or the backup's) and whether the
restore still runs (DynamoDB API Reference, "RestoreSummary").
MiniStack: DescribeTable never answers it. A restore from a backup names the target as the source and the moment of the
restore; one to a point in time says nothing.
What is restored is what the table holds now, whatever time is asked for: MiniStack keeps no history.
"""

import functools
import time
from typing import Any

from ministack.services import dynamodb

from emulator.ministack.repairs.patching import AnyCallable, RepairContext, replace

Request = dict[str, Any]


def apply(_context: RepairContext) -> None:
    """Record the source of a table when it is restored, and add it to the description."""

    def described(describe: AnyCallable) -> AnyCallable:
        @functools.wraps(describe)
        def description(name: str) -> dict[str, Any]:
            summary = dynamodb._tables[name].get("RestoreSummary")
            return {**describe(name), **({"RestoreSummary": summary} if summary else {})}

        return description

    def noting(summary_of: AnyCallable) -> AnyCallable:
        def around(restore: AnyCallable) -> AnyCallable:
            @functools.wraps(restore)
            def restored(request: Request) -> Any:
                answer = restore(request)
                if answer[0] != 200:
                    return answer
                name = request["TargetTableName"]
                dynamodb._tables[name]["RestoreSummary"] = summary_of(request) | {"RestoreInProgress": False}
                return dynamodb.json_response({"TableDescription": dynamodb._table_description(name)})

            return restored

        return around

    replace(dynamodb, "_table_description", described)
    replace(dynamodb, "_restore_table_to_point_in_time", noting(_of_point_in_time))
    replace(dynamodb, "_restore_table_from_backup", noting(_of_backup))


def _of_point_in_time(request: Request) -> dict[str, Any]:
    source = request.get("SourceTableName") or dynamodb._normalize_table_name(request["SourceTableArn"])
    arn = dynamodb._tables[source]["TableArn"]
    return {"SourceTableArn": arn, "RestoreDateTime": request.get("RestoreDateTime") or time.time()}


def _of_backup(request: Request) -> dict[str, Any]:
    backup = dynamodb._backups[request["BackupArn"]]
    return {
        "SourceBackupArn": request["BackupArn"],
        "SourceTableArn": backup["SourceTableDetails"]["TableArn"],
        "RestoreDateTime": backup["BackupDetails"]["BackupCreationDateTime"],
    }
