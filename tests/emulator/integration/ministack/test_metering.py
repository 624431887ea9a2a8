"""The server counts the usage that AWS would bill."""

import json
from pathlib import Path
from uuid import uuid4

from deployment.local_outputs import write_outputs
from local.costs.reported_usage import UsageCounts, UsageMeter
from local.server_process import Server

KEY = {"id": {"S": "one"}}


def meter(emulator: Server, server_log: Path) -> UsageMeter:
    """Read the server's counters, as if a system were deployed."""
    outputs = {**emulator.account, "functions": {}}
    write_outputs(server_log.parent, outputs)
    return UsageMeter(server_log.parent, outputs)


def test_capacity_is_counted_by_table_and_index(emulator: Server, server_log: Path) -> None:
    table, read = f"metered-{uuid4().hex[:8]}", meter(emulator, server_log).read
    dynamodb = emulator.client("dynamodb")
    index = {
        "IndexName": "by-moment",
        "KeySchema": [{"AttributeName": "moment", "KeyType": "HASH"}],
        "Projection": {"ProjectionType": "KEYS_ONLY"},
    }
    dynamodb.create_table(
        TableName=table,
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("id", "moment")],
        GlobalSecondaryIndexes=[index],
        BillingMode="PAY_PER_REQUEST",
    )
    before = read()

    dynamodb.put_item(TableName=table, Item={**KEY, "moment": {"S": "1"}})
    dynamodb.update_item(
        TableName=table,
        Key=KEY,
        UpdateExpression="SET moment = :two, more = :more",
        ExpressionAttributeValues={":two": {"S": "2"}, ":more": {"S": "x" * 1500}},
    )
    dynamodb.get_item(TableName=table, Key=KEY)
    dynamodb.get_item(TableName=table, Key=KEY, ConsistentRead=True)
    answer = dynamodb.transact_get_items(TransactItems=[{"Get": {"TableName": table, "Key": KEY}}])
    used = read().since(before)

    assert "ConsumedCapacity" not in answer
    assert answer["Responses"][0]["Item"]["moment"] == {"S": "2"}
    # 1 for the new row, 2 for one of 1.5 kB. The index's entry is written, removed and written.
    assert units(used, "write units") == {table: 3, f"{table}/by-moment": 3}
    assert units(used, "read units") == {table: 0.5 + 1 + 2}


def test_what_a_filter_leaves_out_is_counted_as_read(emulator: Server, server_log: Path) -> None:
    table, read = f"metered-{uuid4().hex[:8]}", meter(emulator, server_log).read
    dynamodb = emulator.client("dynamodb")
    dynamodb.create_table(
        TableName=table,
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    for number in range(10):
        dynamodb.put_item(TableName=table, Item={"id": {"S": f"{number}"}, "more": {"S": "x" * 4000}})
    before = read()

    chosen = {"FilterExpression": "id = :id", "ExpressionAttributeValues": {":id": {"S": "1"}}}
    answer = dynamodb.scan(TableName=table, ConsistentRead=True, **chosen)
    counted = dynamodb.scan(TableName=table, ConsistentRead=True, Select="COUNT")
    used = read().since(before)

    assert (answer["Count"], counted["Count"]) == (1, 10)
    assert units(used, "read units") == {table: 10 + 10}


def test_a_message_is_a_request_for_each_64_kb(emulator: Server, server_log: Path) -> None:
    sqs, read = emulator.client("sqs"), meter(emulator, server_log).read
    name = f"metered-{uuid4().hex[:8]}"
    url = sqs.create_queue(QueueName=name)["QueueUrl"]
    before = read()

    sqs.send_message(QueueUrl=url, MessageBody="small")
    sqs.send_message(QueueUrl=url, MessageBody="x" * 100_000)
    used = read().since(before)

    assert used.total("sqs", "requests", of=f"{name} SendMessage") == 1 + 2


def test_an_execution_counts_its_states_and_what_it_logs_at_each_level(emulator: Server, server_log: Path) -> None:
    states, iam, read = emulator.client("stepfunctions"), emulator.client("iam"), meter(emulator, server_log).read
    name = f"metered-{uuid4().hex[:8]}"
    trust = {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "states.amazonaws.com"}}
        ],
    }
    role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
    steps = {"First": {"Type": "Pass", "Next": "Second"}, "Second": {"Type": "Pass", "End": True}}
    definition = json.dumps({"StartAt": "First", "States": steps})
    machine = states.create_state_machine(name=name, definition=definition, roleArn=role, type="EXPRESS")
    before = read()

    states.start_sync_execution(stateMachineArn=machine["stateMachineArn"], input="{}")
    used = read().since(before)

    assert used.total("states", "executions", of=name) == 1
    assert used.total("states", "transitions", of=name) == 3
    sizes = [used.total("logs", f"bytes at {level}", of=name) for level in ("ALL with data", "ALL without data")]
    assert sizes[0] > sizes[1] > 0
    assert used.total("logs", "bytes at ERROR with data", of=name) == 0


def units(used: UsageCounts, what: str) -> dict[str, float]:
    """Return the units of each table and index."""
    return {one.resource: quantity for one, quantity in used.items() if (one.service, one.what) == ("dynamodb", what)}
