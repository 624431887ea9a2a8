"""The control planes' descriptions of deployed resources, which a second plan compares."""

import json
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

import pytest

from local.server_process import Server

TOPIC = "arn:aws:sns:us-east-1:000000000000:alarms"
SIMPLE = {
    "Namespace": "AWS/SQS",
    "MetricName": "ApproximateNumberOfMessagesVisible",
    "Dimensions": [{"Name": "QueueName", "Value": "placed"}],
    "Statistic": "Maximum",
    "Period": 60,
    "EvaluationPeriods": 1,
    "Threshold": 0.0,
    "ComparisonOperator": "GreaterThanThreshold",
    "TreatMissingData": "notBreaching",
    "AlarmDescription": "dead letters & <more>",
    "ActionsEnabled": True,
    "AlarmActions": [TOPIC],
    "OKActions": [TOPIC],
    "InsufficientDataActions": [TOPIC],
}
RATE = {
    "EvaluationPeriods": 5,
    "DatapointsToAlarm": 3,
    "Threshold": 0.5,
    "ComparisonOperator": "GreaterThanOrEqualToThreshold",
    "Metrics": [
        {"Id": "rate", "Expression": "errors/calls", "Label": "rate", "ReturnData": True},
        {
            "Id": "errors",
            "MetricStat": {
                "Metric": {
                    "Namespace": "AWS/Lambda",
                    "MetricName": "Errors",
                    "Dimensions": [{"Name": "FunctionName", "Value": "announce"}],
                },
                "Period": 60,
                "Stat": "Sum",
            },
            "ReturnData": False,
        },
    ],
}
PERCENTILE = {name: value for name, value in SIMPLE.items() if name != "Statistic"} | {"ExtendedStatistic": "p99"}


@pytest.mark.parametrize("alarm", [SIMPLE, RATE, PERCENTILE], ids=["simple", "rate", "percentile"])
def test_an_alarm_is_described_as_it_was_made(
    emulator: Server, unique: Callable[[str], str], alarm: dict[str, Any]
) -> None:
    client, name = emulator.client("cloudwatch"), unique("alarm")
    client.put_metric_alarm(AlarmName=name, **alarm)

    [described] = client.describe_alarms(AlarmNames=[name])["MetricAlarms"]

    assert {field: described.get(field) for field in alarm} == alarm
    assert ("Statistic" in described) is ("Statistic" in alarm)
    assert described["StateValue"] == "INSUFFICIENT_DATA"


def test_an_alarm_is_described_over_the_query_protocol_too(emulator: Server, unique: Callable[[str], str]) -> None:
    name = unique("alarm")
    emulator.client("cloudwatch").put_metric_alarm(AlarmName=name, **SIMPLE)

    status, text = query(emulator, "DescribeAlarms", {"AlarmNames.member.1": name})

    assert status == 200
    assert "<TreatMissingData>notBreaching</TreatMissingData>" in text
    assert "<AlarmDescription>dead letters &amp; &lt;more&gt;</AlarmDescription>" in text
    assert f"<OKActions><member>{TOPIC}</member></OKActions>" in text
    assert "<Threshold>0</Threshold>" in text


def test_a_dashboard_is_described_as_it_was_made(emulator: Server, unique: Callable[[str], str]) -> None:
    name, client = unique("dashboard"), emulator.client("cloudwatch")
    title = 'paid & <declined> in %, "€"'
    body = json.dumps({"widgets": [{"type": "text", "properties": {"markdown": title}}]}, ensure_ascii=False)
    client.put_dashboard(DashboardName=name, DashboardBody=body)

    status, text = query(emulator, "GetDashboard", {"DashboardName": name})
    missing, _ = query(emulator, "GetDashboard", {"DashboardName": unique("dashboard")})

    described = {one.tag.rpartition("}")[2]: one.text for one in ElementTree.fromstring(text).iter()}  # noqa: S314  # of this emulator
    assert (status, missing) == (200, 404)
    assert described["DashboardBody"] == body
    assert described["DashboardArn"] == f"arn:aws:cloudwatch::000000000000:dashboard/{name}"


def query(server: Server, action: str, parameters: dict[str, str]) -> tuple[int, str]:
    """Call CloudWatch as Terraform's SDK does."""
    import http.client
    from contextlib import closing
    from urllib.parse import urlencode

    from botocore.auth import SigV4Auth
    from botocore.awsrequest import AWSRequest
    from botocore.credentials import Credentials

    body = urlencode({"Action": action, "Version": "2010-08-01", **parameters})
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    request = AWSRequest("POST", server.endpoint_url + "/", headers=headers, data=body)
    pair = Credentials(server.access_key_id, server.secret_access_key)
    SigV4Auth(pair, "monitoring", server.region).add_auth(request)
    with closing(http.client.HTTPConnection(server.endpoint_url.removeprefix("http://"), timeout=10)) as connection:
        connection.request("POST", "/", body, dict(request.headers))
        answer = connection.getresponse()
        return answer.status, answer.read().decode()


def test_an_apis_addresses_point_at_this_server(emulator: Server) -> None:
    client = emulator.client("appsync")

    created = client.create_graphql_api(name="orders", authenticationType="AWS_IAM")["graphqlApi"]

    graphql_url = f"{emulator.endpoint_url}/appsync/{created['apiId']}/graphql"
    realtime_url = f"ws://{graphql_url.removeprefix('http://')}/realtime"
    assert created["uris"] == {"GRAPHQL": graphql_url, "REALTIME": realtime_url}
    assert client.get_graphql_api(apiId=created["apiId"])["graphqlApi"]["uris"] == created["uris"]


def test_an_update_of_an_apis_limits_is_kept(emulator: Server) -> None:
    client = emulator.client("appsync")
    api_id = client.create_graphql_api(name="orders", authenticationType="AWS_IAM")["graphqlApi"]["apiId"]
    limits = {"introspectionConfig": "DISABLED", "queryDepthLimit": 5, "resolverCountLimit": 50}

    client.update_graphql_api(apiId=api_id, name="orders", authenticationType="AWS_IAM", **limits)

    described = client.get_graphql_api(apiId=api_id)["graphqlApi"]
    assert {name: described[name] for name in limits} == limits


def test_a_policy_that_asks_for_tls_refuses_nobody_here(
    emulator: Server, unique: Callable[[str], str], make_function: Callable[..., str], invoke: Callable[..., Any]
) -> None:
    client, name = emulator.client("s3"), unique("bucket")
    client.create_bucket(Bucket=name)
    refusal = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [f"arn:aws:s3:::{name}", f"arn:aws:s3:::{name}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    client.put_bucket_policy(Bucket=name, Policy=json.dumps({"Version": "2012-10-17", "Statement": [refusal]}))
    write = f"boto3.client('s3').put_object(Bucket='{name}', Key='key', Body=b'content')"
    grant = {"Effect": "Allow", "Action": "s3:PutObject", "Resource": f"arn:aws:s3:::{name}/*"}
    writer = make_function(f"import boto3\ndef handler(event, context): {write}", grant)

    answer = invoke(writer)

    assert answer is None
    assert client.get_object(Bucket=name, Key="key")["Body"].read() == b"content"
