"""Alarms of the deployed system, from a change of their state to the subscribers of the ops topic.

The emulator reads no metrics from logs, and its services write no metrics. So a test sets the
state, as `aws cloudwatch set-alarm-state` does.
"""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from environments.names import ORDERS_ARE_NOT_FLOWING
from environments.runbooks import runbook
from environments.settings import settings_of
from tests.e2e.support.administrator_access import AdministratorAccess
from verify.polling import eventually

SETTINGS = settings_of("local")
NAMES = SETTINGS.names
Change = dict[str, Any]


@pytest.fixture
def heard(account: AdministratorAccess) -> Iterator[Callable[[], list[Change]]]:
    """Subscribe a queue to the ops topic; yield a function that returns all messages so far."""
    sqs, sns = account.client("sqs"), account.client("sns")
    url = sqs.create_queue(QueueName="test-alarms")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    may_send = {"Principal": {"Service": "sns.amazonaws.com"}, "Action": "sqs:SendMessage", "Resource": arn}
    policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **may_send}]}
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": json.dumps(policy)})
    topic = NAMES.arn("sns", NAMES.ops_topic)
    subscription = sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn, ReturnSubscriptionArn=True)
    changes: list[Change] = []

    def read() -> list[Change]:
        messages = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
        changes.extend(json.loads(json.loads(message["Body"])["Message"]) for message in messages)
        return changes

    yield read
    sns.unsubscribe(SubscriptionArn=subscription["SubscriptionArn"])
    sqs.delete_queue(QueueUrl=url)


def test_the_ops_topic_hears_when_an_alarm_goes_off_and_when_it_is_over(
    account: AdministratorAccess, heard: Callable[[], list[Change]]
) -> None:
    cloudwatch, alarm = account.client("cloudwatch"), NAMES.name("late-orders")
    # An alarm that customers notice turns the composite alarm on too.
    both = (alarm, NAMES.name(ORDERS_ARE_NOT_FLOWING))

    for state in ("ALARM", "OK"):
        cloudwatch.set_alarm_state(AlarmName=alarm, StateValue=state, StateReason="a test")

    wanted = {(name, state) for name in both for state in ("ALARM", "OK")}
    changes = eventually(heard, lambda found: states(found) >= wanted, within_seconds=10)
    assert states(changes) >= wanted
    (description,) = {one["AlarmDescription"] for one in changes if one["AlarmName"] == alarm}
    assert description.endswith(f"Runbook: {runbook('late-orders', SETTINGS)}")


def states(changes: list[Change]) -> set[tuple[str, str]]:
    return {(one["AlarmName"], one["NewStateValue"]) for one in changes}


def test_the_dashboard_is_deployed_and_shows_the_alarms_that_are_deployed(account: AdministratorAccess) -> None:
    cloudwatch = account.client("cloudwatch")

    body = json.loads(cloudwatch.get_dashboard(DashboardName=NAMES.dashboard)["DashboardBody"])

    (shown,) = (widget["properties"]["alarms"] for widget in body["widgets"] if widget["type"] == "alarm")
    answer = cloudwatch.describe_alarms(AlarmTypes=["MetricAlarm", "CompositeAlarm"], MaxRecords=100)
    deployed = {one["AlarmArn"] for kind in ("MetricAlarms", "CompositeAlarms") for one in answer[kind]}
    assert set(shown) == deployed
