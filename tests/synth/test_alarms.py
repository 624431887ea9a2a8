"""Each alarm tells somebody, and says what to do."""

from environments.names import RUNBOOKS
from environments.runbooks import runbook
from environments.settings import Settings
from tests.synth.support.permissions import statements
from tests.synth.support.stack import Stack, name_of

ALARM_TYPES = ("cloudwatch_metric_alarm",)


def test_every_alarm_tells_the_ops_topic_when_it_begins_and_ends(stack: Stack) -> None:
    topic = stack.reference(stack.named("sns_topic", "ops"), "arn")

    alarms = [alarm for type_ in ALARM_TYPES for alarm in stack.all(type_)]

    assert len(alarms) == len(RUNBOOKS)
    for alarm in alarms:
        assert alarm["alarm_actions"] == alarm["ok_actions"] == [topic], name_of(alarm)


def test_every_alarm_names_its_runbook(stack: Stack, settings: Settings) -> None:
    alarms = {name_of(alarm): alarm for type_ in ALARM_TYPES for alarm in stack.all(type_)}

    said = {noun: alarms[settings.name(noun)]["alarm_description"] for noun in RUNBOOKS}

    for noun, description in said.items():
        assert description.endswith(f" Runbook: {runbook(noun, settings)}"), noun
        # The most that CloudWatch takes.
        assert len(description) <= 1024, noun


def test_cloudwatch_may_encrypt_for_the_ops_topic_and_publish_to_it_for_this_account(stack: Stack) -> None:
    place = stack.document["provider"]["aws"][0]
    (account,) = place["allowed_account_ids"]
    topic = stack.named("sns_topic", "ops")
    key = stack.referred(topic["kms_master_key_id"])
    (document,) = (one for one in stack.all("sns_topic_policy") if stack.referred(one["arn"]) is topic)

    _, encrypting = statements(key["policy"])
    _, publishing = statements(document["policy"])

    cloudwatch = {"Service": "cloudwatch.amazonaws.com"}
    assert encrypting == {
        "Effect": "Allow",
        "Principal": cloudwatch,
        "Action": ["kms:Decrypt", "kms:GenerateDataKey*"],
        "Resource": ["*"],
        "Condition": {"StringEquals": {"aws:SourceAccount": account}},
    }
    assert publishing == {
        "Effect": "Allow",
        "Principal": cloudwatch,
        "Action": ["sns:Publish"],
        "Resource": [f"arn:aws:sns:{place['region']}:{account}:{stack.name}-ops"],
        "Condition": {
            "ArnLike": {"aws:SourceArn": f"arn:aws:cloudwatch:{place['region']}:{account}:alarm:{stack.name}-*"},
            "StringEquals": {"aws:SourceAccount": account},
        },
    }
    assert stack.only("kms_alias")["name"] == f"alias/{stack.name}-ops"
