"""The trust alarm: it reports an environment's role that anybody but AWS's services may assume.

The deploy role creates roles, and no condition of IAM checks whom a role trusts. So people get a
message. The deploy role may call no EventBridge, and no SNS and no SQS in this region and under
these names. Many messages at once end a subscription by e-mail, so a queue has each event too.
"""

import json

from cdktf import TerraformProvider
from constructs import Construct

from environments.settings import Settings
from stacks.components.event_rule import EventRule
from stacks.components.queue import FOURTEEN_DAYS, ServiceQueue
from stacks.components.topic import EventTopic
from stacks.delivery.environment_resources import ASSUMING_SERVICES
from stacks.iam import Account, policy, trust

# The calls that set a role's trust, and the parameter that contains it.
CALLS = {"CreateRole": "assumeRolePolicyDocument", "UpdateAssumeRolePolicy": "policyDocument"}
SENTENCE = (
    "<call> at <time>: the role <role> of <account> got a trust that no role of {environment} has."
    " <who> called it from <address>. docs/delivery.md says what to do."
)
WORDS = {
    "account": "$.account",
    "address": "$.detail.sourceIPAddress",
    "call": "$.detail.eventName",
    "role": "$.detail.requestParameters.roleName",
    "time": "$.detail.eventTime",
    "who": "$.detail.userIdentity.arn",
}


class TrustAlarm(Construct):
    """Rules on CloudTrail's events of IAM, the topic that sends people messages, and a queue with the events.

    EventBridge gets IAM's events in us-east-1 only, so all of it is there.
    """

    def __init__(
        self, scope: Construct, id_: str, *, settings: Settings, account: Account, provider: TerraformProvider
    ) -> None:
        super().__init__(scope, id_)
        name = settings.names.trust_alarm
        topic = EventTopic(
            self,
            "topic",
            name=name,
            key_alias=f"alias/{name}",
            description=f"Encrypts what is told of trust in roles of {settings.environment}",
            account=account,
            provider=provider,
        )
        topic.subscribe_emails(settings.alarm_emails)
        rules = {call: f"{name}-{call}" for call in CALLS}
        record = ServiceQueue(
            self,
            "record",
            name=name,
            account=account,
            service="events.amazonaws.com",
            sources=[account.arn("events", f"rule/{rule}") for rule in rules.values()],
            retention_seconds=FOURTEEN_DAYS,
            provider=provider,
        )
        for call, parameter in CALLS.items():
            EventRule(
                self,
                call,
                name=rules[call],
                description=f"{call} with a trust that no role of {settings.environment} has",
                pattern=_pattern(settings, call, parameter),
                topic=topic,
                record=record,
                sentence=SENTENCE.replace("{environment}", settings.environment),
                words=WORDS,
                provider=provider,
            )


def _pattern(settings: Settings, call: str, parameter: str) -> dict[str, object]:
    """Build the pattern of a call on the environment's roles with an unknown trust.

    One trust can be written in many ways. So the pattern excludes the known ones instead of looking
    for wrong ones. It also matches a call whose parameters CloudTrail left out: white space makes a
    trust longer than the 100 KB that an event takes, and IAM doesn't count it.
    """
    known = [_as_terraform_sends(trust(service, settings.account_id)) for service in ASSUMING_SERVICES]
    # IAM accepts a role's name in any letter case.
    own = [{"prefix": {"equals-ignore-case": settings.name("")}}]
    absent = [{"exists": False}]
    return {
        "source": ["aws.iam"],
        "detail-type": ["AWS API Call via CloudTrail"],
        "detail": {
            "eventSource": ["iam.amazonaws.com"],
            "eventName": [call],
            "$or": [
                {"requestParameters": {"roleName": own, parameter: [{"anything-but": known}]}},
                # Refused calls have no parameters either.
                {"errorCode": absent, "requestParameters": {"roleName": absent}},
                # `anything-but` doesn't match a trust that isn't there.
                {"errorCode": absent, "requestParameters": {"roleName": own, parameter: absent}},
            ],
        },
    }


def _as_terraform_sends(statement: dict[str, object]) -> str:
    """Return a role's trust as the AWS provider normalizes it."""
    return json.dumps(json.loads(policy(statement)), separators=(",", ":"), sort_keys=True)
