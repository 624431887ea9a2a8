"""A server that saved its state continues from there after a new start."""

import json
import shutil
import signal
import socket
import time
import urllib.request
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace as Names
from typing import Any

import pytest
from ministack.core import persistence

from deployment.repository_paths import ROOT
from emulator.ministack.state import saved_state
from local.health import health
from local.running_server import NotStopped, save_and_stop_server
from local.server_process import Server, free_port, start_server
from tests.emulator.support.sample_resources import ITEM, PASSES, WAITS, SampleResources, eventually, queue_arn


def start(directory: Path, port: int) -> Server:
    return start_server(port=port, directory=directory, root=ROOT, log=directory / "server.log")


def fill(resources: SampleResources) -> dict[str, Any]:
    """Make some of every resource; return their names and their descriptions before the stop."""
    out, dead = resources.queue("out"), resources.queue("dead")
    redrive = json.dumps({"deadLetterTargetArn": queue_arn(dead), "maxReceiveCount": 2})
    queue = resources.queue("queue", RedrivePolicy=redrive)
    resources.sqs.send_message(
        QueueUrl=queue,
        MessageBody="in flight",
        MessageAttributes={"bytes": {"DataType": "Binary", "BinaryValue": b"\x00\xff"}},
    )
    in_flight = resources.sqs.receive_message(QueueUrl=queue, VisibilityTimeout=600)["Messages"][0]["ReceiptHandle"]
    resources.sqs.send_message(QueueUrl=queue, MessageBody="waiting")
    waiting = resources.sqs.receive_message(QueueUrl=queue, VisibilityTimeout=0)["Messages"][0]
    resources.sqs.send_message(QueueUrl=queue, MessageBody="delayed", DelaySeconds=900)
    resources.sqs.send_message(QueueUrl=dead, MessageBody="dead")

    topic = resources.sns.create_topic(Name="topic")["TopicArn"]
    admitted = {"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": "*"}
    subscribed = resources.queue("subscribed", Policy=json.dumps({"Statement": [admitted]}))
    resources.sns.subscribe(
        TopicArn=topic, Protocol="sqs", Endpoint=queue_arn(subscribed), Attributes={"RawMessageDelivery": "true"}
    )

    stream = resources.table("table")
    held = resources.relay("held", stream, held_out := resources.queue("held-out"), StartingPosition="TRIM_HORIZON")
    resources.relay("reading", stream, out, StartingPosition="TRIM_HORIZON")
    resources.dynamodb.put_item(TableName="table", Item=ITEM)
    assert eventually(lambda: resources.bodies(out) + resources.bodies(held_out), lambda seen: seen)
    eventually(lambda: resources.bodies(out) + resources.bodies(held_out), lambda seen: seen, seconds=3)
    functions = resources.server.client("lambda")
    functions.update_event_source_mapping(UUID=held, Enabled=False)
    time.sleep(0.5)
    resources.dynamodb.put_item(TableName="table", Item={"id": {"S": "unread"}})

    slow_in, slow_out = resources.queue("slow-in", VisibilityTimeout="6"), resources.queue("slow-out")
    resources.relay("slow", queue_arn(slow_in), slow_out, seconds=3)

    hasty_in, hasty_out = resources.table("hasty"), resources.queue("hasty-out")
    resources.relay("hasty", hasty_in, hasty_out, seconds=1.8, StartingPosition="TRIM_HORIZON", MaximumRetryAttempts=0)

    pool = resources.cognito_idp.create_user_pool(PoolName="pool")["UserPool"]["Id"]
    client = resources.cognito_idp.create_user_pool_client(
        UserPoolId=pool, ClientName="client", ExplicitAuthFlows=["ALLOW_ADMIN_USER_PASSWORD_AUTH"]
    )["UserPoolClient"]["ClientId"]
    session = resources.sts.assume_role(RoleArn=resources.role, RoleSessionName="session")["Credentials"]

    key = resources.kms.create_key()["KeyMetadata"]["KeyId"]
    resources.kms.create_alias(AliasName="alias/key", TargetKeyId=key)
    resources.s3.create_bucket(Bucket="bucket")
    resources.s3.put_bucket_versioning(Bucket="bucket", VersioningConfiguration={"Status": "Enabled"})
    versions = [
        resources.s3.put_object(Bucket="bucket", Key="a/b", Body=body)["VersionId"] for body in (b"\xff1", b"\xff2")
    ]

    waiting_machine, express = resources.machine("STANDARD", WAITS), resources.machine("EXPRESS", PASSES)
    running = resources.stepfunctions.start_execution(stateMachineArn=waiting_machine)["executionArn"]
    resources.stepfunctions.start_execution(stateMachineArn=resources.machine("EXPRESS", WAITS))
    resources.logs.create_log_group(logGroupName="group")
    resources.logs.create_log_stream(logGroupName="group", logStreamName="stream")
    resources.logs.put_log_events(
        logGroupName="group", logStreamName="stream", logEvents=[{"timestamp": int(time.time() * 1000), "message": "m"}]
    )
    resources.logs.put_query_definition(name="query", queryString="limit 1", logGroupNames=["group"])
    resources.cloudwatch.put_metric_alarm(
        AlarmName="alarm", Namespace="n", MetricName="m", Statistic="Sum", Period=60, EvaluationPeriods=1,
        Threshold=1, ComparisonOperator="GreaterThanThreshold",
    )  # fmt: skip
    api = resources.appsync.create_graphql_api(name="api", authenticationType="AWS_IAM")["graphqlApi"]["apiId"]
    resources.appsync.put_graphql_api_environment_variables(apiId=api, environmentVariables={"NAME": "value"})
    resources.appsync.create_data_source(apiId=api, name="none", type="NONE")
    return {
        "queue": queue, "dead": dead, "in_flight": in_flight, "waiting_id": waiting["MessageId"], "topic": topic,
        "subscribed": subscribed, "out": out, "held": held, "held_out": held_out, "slow_in": slow_in,
        "slow_out": slow_out, "hasty_out": hasty_out, "pool": pool, "client": client,
        "tokens": resources.sign_up(pool, client),
        "jwks": jwks(resources.server, pool), "session": session, "key": key, "versions": versions, "running": running,
        "express": express, "api": api,
        "secret": resources.kms.encrypt(KeyId="alias/key", Plaintext=b"plain")["CiphertextBlob"],
    }  # fmt: skip


def jwks(server: Server, pool: str) -> Any:
    with urllib.request.urlopen(f"{server.endpoint_url}/{pool}/.well-known/jwks.json") as answer:  # noqa: S310  # loopback
        return json.load(answer)


def described(resources: SampleResources, names: dict[str, Any]) -> dict[str, Any]:
    """Read the control planes' descriptions, without the data of the requests themselves."""
    functions = resources.server.client("lambda")
    answers = {
        "table": resources.dynamodb.describe_table(TableName="table")["Table"],
        "queries": resources.logs.describe_query_definitions()["queryDefinitions"],
        "queues": {
            url: resources.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
            for url in (names["queue"], names["dead"])
        },
        "subscriptions": resources.sns.list_subscriptions()["Subscriptions"],
        "functions": [functions.get_function(FunctionName=name)["Configuration"] for name in ("held", "slow")],
        "held": functions.get_event_source_mapping(UUID=names["held"]),
        "role": resources.iam.get_role(RoleName="any")["Role"],
        "policy": resources.iam.get_role_policy(RoleName="any", PolicyName="all")["PolicyDocument"],
        "pool": resources.cognito_idp.describe_user_pool(UserPoolId=names["pool"])["UserPool"],
        "machine": resources.stepfunctions.describe_state_machine(stateMachineArn=names["express"]),
        "schedule": resources.scheduler.get_schedule(Name="due"),
        "alarms": resources.cloudwatch.describe_alarms()["MetricAlarms"],
        "api": resources.appsync.get_graphql_api(apiId=names["api"])["graphqlApi"],
        "variables": resources.appsync.get_graphql_api_environment_variables(apiId=names["api"])[
            "environmentVariables"
        ],
        "data sources": resources.appsync.list_data_sources(apiId=names["api"])["dataSources"],
        "events": resources.logs.get_log_events(logGroupName="group", logStreamName="stream")["events"],
    }
    for answer in answers.values():
        if isinstance(answer, dict):
            answer.pop("ResponseMetadata", None)
    return answers


@contextmanager
def request_in_flight(server: Server) -> Iterator[None]:
    """Leave a request half sent, so that a stop waits its second for it."""
    host, port = server.endpoint_url.removeprefix("http://").split(":")
    lines = ["POST / HTTP/1.1", f"host: {host}:{port}", "content-type: application/x-amz-json-1.0", "content-length: 9"]
    with socket.create_connection((host, int(port))) as connection:
        connection.sendall("\r\n".join([*lines, "", ""]).encode())
        time.sleep(0.1)
        yield


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Names]:
    """The resources that were made before the stop, and the server after it."""
    directory, port = tmp_path_factory.mktemp("kept"), free_port()
    saved_state.enable_saving(directory)
    before = SampleResources(start(directory, port))
    try:
        made = fill(before)
        before.schedule("due", before.queue("scheduled"), in_seconds=4)
        told = described(before, made)
        before.sqs.send_message(QueueUrl=made["slow_in"], MessageBody="half way")
        before.dynamodb.put_item(TableName="hasty", Item={"id": {"S": "half read"}})
        time.sleep(1.5)
        with request_in_flight(before.server):
            before.server.stop()
    finally:
        before.server.stop()
    code = before.server.process.returncode
    left = sorted(path.name for path in directory.iterdir())
    after = SampleResources(start(directory, port))
    try:
        yield Names(
            resources=after, told=told, made=made, directory=directory, code=code, left=left, keys=before.server, **made
        )
    finally:
        after.server.stop()


def test_a_stop_leaves_one_file_with_the_state(names: Names) -> None:
    assert names.code == 0
    assert names.left == ["engineer-token", saved_state.WANTED, saved_state.KEPT, "keys.json", "server.log"]


def test_what_the_control_planes_tell_is_the_same(names: Names) -> None:
    found = described(names.resources, names.made)

    assert found == names.told


def test_rows_come_back_as_they_were_also_through_an_index(names: Names) -> None:
    row = names.resources.dynamodb.get_item(TableName="table", Key={"id": ITEM["id"]})["Item"]
    by_index = names.resources.dynamodb.query(
        TableName="table",
        IndexName="kinds",
        KeyConditionExpression="kind = :kind",
        ExpressionAttributeValues={":kind": {"S": "a"}},
    )["Items"]

    assert row == ITEM
    assert by_index == [ITEM]


def test_waiting_messages_have_their_receive_count_and_the_one_in_flight_its_receipt(names: Names) -> None:
    sqs = names.resources.sqs
    found = sqs.receive_message(
        QueueUrl=names.queue, MaxNumberOfMessages=10, MessageSystemAttributeNames=["ApproximateReceiveCount"]
    )["Messages"]
    sqs.change_message_visibility(QueueUrl=names.queue, ReceiptHandle=names.in_flight, VisibilityTimeout=0)
    in_flight = sqs.receive_message(QueueUrl=names.queue, MessageAttributeNames=["All"])["Messages"]

    assert [(one["MessageId"], one["Attributes"]["ApproximateReceiveCount"]) for one in found] == [
        (names.waiting_id, "2")
    ]
    assert [one["Body"] for one in in_flight] == ["in flight"]
    assert in_flight[0]["MessageAttributes"]["bytes"]["BinaryValue"] == b"\x00\xff"


def test_dead_letters_stay(names: Names) -> None:
    assert names.resources.bodies(names.dead) == ["dead"]


def test_a_batch_that_a_function_had_in_hand_comes_again(names: Names) -> None:
    seen = eventually(lambda: names.resources.bodies(names.slow_out), bool, seconds=20)

    assert seen == ["half way"]


def test_a_reader_goes_on_where_it_was(names: Names) -> None:
    names.resources.server.client("lambda").update_event_source_mapping(UUID=names.held, Enabled=True)

    seen = eventually(lambda: names.resources.bodies(names.held_out), bool)

    assert seen == ["unread"]


def test_a_failure_that_comes_from_the_stop_discards_nothing(names: Names) -> None:
    seen = eventually(lambda: names.resources.bodies(names.hasty_out), bool)

    assert seen == ["half read"]


def test_readers_are_at_work_again(names: Names) -> None:
    names.resources.dynamodb.put_item(TableName="table", Item={"id": {"S": "new"}})

    seen: list[str] = []
    eventually(lambda: seen.extend(names.resources.bodies(names.out)), lambda _: "new" in seen)

    assert "new" in seen
    assert "whole" not in seen


def test_a_topic_still_delivers(names: Names) -> None:
    names.resources.sns.publish(TopicArn=names.topic, Message="news")

    assert eventually(lambda: names.resources.bodies(names.subscribed), bool) == ["news"]


def test_tokens_keys_and_passwords_stay_good(names: Names) -> None:
    user = names.resources.cognito_idp.get_user(AccessToken=names.tokens["AccessToken"])
    signed_in = names.resources.sign_in(names.pool, names.client)

    assert user["Username"] == "somebody"
    assert "IdToken" in signed_in
    assert jwks(names.resources.server, names.pool) == names.jwks


def test_the_administrators_keys_stay(names: Names) -> None:
    assert names.resources.server.access_key_id == names.keys.access_key_id


def test_temporary_credentials_stay_good(names: Names) -> None:
    session = names.session
    dynamodb = names.resources.server.client(
        "dynamodb",
        aws_access_key_id=session["AccessKeyId"],
        aws_secret_access_key=session["SecretAccessKey"],
        aws_session_token=session["SessionToken"],
    )

    assert "table" in dynamodb.list_tables()["TableNames"]


def test_what_a_key_encrypted_can_be_read(names: Names) -> None:
    assert names.resources.kms.decrypt(CiphertextBlob=names.secret)["Plaintext"] == b"plain"


def test_objects_and_their_versions_stay(names: Names) -> None:
    bodies = [
        names.resources.s3.get_object(Bucket="bucket", Key="a/b", VersionId=version)["Body"].read()
        for version in names.versions
    ]

    assert bodies == [b"\xff1", b"\xff2"]


def test_an_execution_that_was_running_is_over(names: Names) -> None:
    found = names.resources.stepfunctions.describe_execution(executionArn=names.running)

    assert (found["status"], found["error"]) == ("FAILED", "States.ServiceRestart")


def test_of_an_express_execution_nothing_is_kept(names: Names) -> None:
    with zipfile.ZipFile(names.directory / saved_state.STARTED_FROM) as archive:
        states = archive.read("services/stepfunctions.json").decode()

    assert names.running in states
    assert ":express:" not in states


def test_a_machine_runs_again(names: Names) -> None:
    found = names.resources.stepfunctions.start_sync_execution(stateMachineArn=names.express)

    assert found["status"] == "SUCCEEDED"


def test_what_was_scheduled_happens(names: Names) -> None:
    url = names.resources.sqs.get_queue_url(QueueName="scheduled")["QueueUrl"]

    assert eventually(lambda: names.resources.bodies(url), bool) == ["due"]


def test_a_function_that_was_still_pending_becomes_active(tmp_path: Path) -> None:
    port = free_port()
    saved_state.enable_saving(tmp_path)
    first = SampleResources(start(tmp_path, port))
    first.relay("new", queue_arn(first.queue("source")), first.queue("target"))
    first.server.stop()
    # As if the server had stopped right after the call that created it.
    edit_saved_function(tmp_path, "new", State="Pending", LastUpdateStatus="InProgress")

    second = SampleResources(start(tmp_path, port))
    seen = eventually(lambda: state_of(second, "new"), lambda state: state == ("Active", "Successful"))
    second.server.stop()

    assert seen == ("Active", "Successful")


def edit_saved_function(directory: Path, name: str, **changed: str) -> None:
    """Change the configuration of a function in the saved state."""
    path, entry = directory / saved_state.KEPT, "services/lambda.json"
    with zipfile.ZipFile(path) as archive:
        contents = {each: archive.read(each) for each in archive.namelist()}
    state = json.loads(contents[entry], object_hook=persistence._json_object_hook)
    for (_account, _region, found), function in state["functions"]._data.items():
        if found == name:
            function["config"].update(changed)
    contents[entry] = json.dumps(state, default=persistence._json_default).encode()
    with zipfile.ZipFile(path, "w") as archive:
        for each, content in contents.items():
            archive.writestr(each, content)


def state_of(resources: SampleResources, name: str) -> tuple[str, str]:
    config = resources.server.client("lambda").get_function_configuration(FunctionName=name)
    return config["State"], config["LastUpdateStatus"]


def test_without_being_asked_to_nothing_is_kept(tmp_path: Path) -> None:
    first = SampleResources(start(tmp_path, free_port()))
    first.queue("queue")
    first.server.stop()

    second = SampleResources(start(tmp_path, free_port()))
    found = second.sqs.list_queues().get("QueueUrls")
    second.server.stop()

    assert not found


def test_a_crash_leaves_the_state_that_was_kept_last(tmp_path: Path) -> None:
    port = free_port()
    saved_state.enable_saving(tmp_path)
    first = SampleResources(start(tmp_path, port))
    first.queue("kept")
    first.server.stop()
    second = SampleResources(start(tmp_path, port))
    second.queue("lost")
    (tmp_path / f"{saved_state.KEPT}.partial").write_bytes(b"half of it")  # as after a crash
    second.server.process.kill()
    second.server.process.wait()

    kept = saved_state.was_kept(tmp_path)
    third = SampleResources(start(tmp_path, port))
    found = third.sqs.list_queues()["QueueUrls"]
    third.server.stop()

    assert not kept
    assert [url.rpartition("/")[2] for url in found] == ["kept"]


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Names]:
    """A server that continues from a saved state, and can't save again until the last test."""
    directory, port = tmp_path_factory.mktemp("held"), free_port()
    saved_state.enable_saving(directory)
    first = SampleResources(start(directory, port))
    into, out = first.queue("into"), first.queue("out")
    first.relay("relay", queue_arn(into), out)
    (directory / "temporary" / "state").mkdir(exist_ok=True)
    # The function's code can't be saved either.
    (directory / "temporary" / "state" / "lambda-blobs").touch()
    first.server.stop()
    last = (directory / saved_state.KEPT).read_bytes()
    resources = SampleResources(start(directory, port))
    resources.__dict__["role"] = first.role
    (directory / saved_state.PARTIAL).mkdir()
    yield Names(resources=resources, directory=directory, last=last, port=port, into=into, out=out)
    resources.server.process.kill()
    resources.server.process.wait()


def stop_well(held: Names) -> None:
    """Stop the server as `make down` does."""
    server = held.resources.server
    save_and_stop_server(server.process.pid, held.directory, endpoint_url=server.endpoint_url)


def refused_stops(url: str) -> int:
    return int(health(url, timeout_seconds=10).get("refused_stops", 0))


def test_a_server_whose_state_cannot_be_kept_goes_on_and_the_last_state_stays(held: Names) -> None:
    with pytest.raises(NotStopped) as error:
        stop_well(held)

    assert str(error.value) == f"Is a directory: 0.0 MB wanted, {held.directory / saved_state.KEPT}"
    assert held.resources.server.process.poll() is None
    assert (held.directory / saved_state.STARTED_FROM).read_bytes() == held.last
    assert "its state can't be kept" in (held.directory / "server.log").read_text()


def test_what_works_by_itself_works_again_when_the_server_goes_on(held: Names) -> None:
    with pytest.raises(NotStopped):
        stop_well(held)

    held.resources.sqs.send_message(QueueUrl=held.into, MessageBody="after it")
    seen = eventually(lambda: held.resources.bodies(held.out), bool)
    execution = held.resources.stepfunctions.start_sync_execution(
        stateMachineArn=held.resources.machine("EXPRESS", PASSES)
    )

    assert seen == ["after it"]
    assert execution["status"] == "SUCCEEDED"


def test_a_signal_alone_ends_no_server_whose_state_cannot_be_kept(held: Names) -> None:
    url = held.resources.server.endpoint_url
    refused = [refused_stops(url)]

    for number in (signal.SIGTERM, signal.SIGINT):
        held.resources.server.process.send_signal(number)
        refused.append(eventually(lambda: refused_stops(url), lambda count: count > refused[-1]))

    assert refused == [refused[0], refused[0] + 1, refused[0] + 2]
    assert held.resources.server.process.poll() is None


def test_once_there_is_room_it_ends_and_goes_on_with_all_that_it_held(held: Names) -> None:
    with pytest.raises(NotStopped):
        stop_well(held)
    held.resources.queue("made-after-it")
    (held.directory / saved_state.PARTIAL).rmdir()

    stop_well(held)
    code = held.resources.server.process.wait(10)
    again = start(held.directory, held.port)
    found = SampleResources(again).sqs.list_queues()["QueueUrls"]
    again.stop()

    assert code == 0
    assert "made-after-it" in [url.rpartition("/")[2] for url in found]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has /dev/full")
def test_a_full_disk_is_told_though_the_log_is_on_it(tmp_path: Path) -> None:
    saved_state.enable_saving(tmp_path)
    log = tmp_path / "server.log"
    log.symlink_to("/dev/full")
    server = start_server(port=free_port(), directory=tmp_path, root=ROOT, log=log)
    (tmp_path / saved_state.PARTIAL).symlink_to("/dev/full")

    try:
        with pytest.raises(NotStopped) as error:
            save_and_stop_server(server.process.pid, tmp_path, endpoint_url=server.endpoint_url)
        goes_on = SampleResources(server).queue("queue")
    finally:
        server.stop()

    assert str(error.value).startswith("No space left on device: 0.0 MB wanted, ")
    assert goes_on
    assert server.process.returncode == 0


def test_a_folder_that_was_removed_is_made_again_for_what_the_server_held(tmp_path: Path) -> None:
    directory = tmp_path / "run"
    directory.mkdir()
    saved_state.enable_saving(directory)
    server = start(directory, free_port())
    shutil.rmtree(directory)

    server.stop()

    assert server.process.returncode == 0
    assert saved_state.was_kept(directory)
