"""SNS topics."""

import json
from collections.abc import Sequence
from functools import cached_property

from cdktf import TerraformProvider, TerraformVariable
from cdktf_cdktf_provider_aws.iam_role_policy import IamRolePolicy
from cdktf_cdktf_provider_aws.sns_topic import SnsTopic
from cdktf_cdktf_provider_aws.sns_topic_policy import SnsTopicPolicy
from cdktf_cdktf_provider_aws.sns_topic_subscription import SnsTopicSubscription
from constructs import Construct

from stacks.components.key import EncryptionKey
from stacks.components.queue import Mailbox
from stacks.iam import Account, Conditions, Role, Statement, allow, deny, deny_plain_http, policy

# SNS gets a data key to encrypt, and decrypts the data key that it has.
PUBLISHING = ("Decrypt", "GenerateDataKey")


class Topic(Construct):
    """An encrypted topic that accepts messages over TLS only, and from one publisher only."""

    def __init__(
        self, scope: Construct, id_: str, *, name: str, account: Account, publisher: Role, key: EncryptionKey
    ) -> None:
        super().__init__(scope, id_)
        self.known_arn = account.arn("sns", name)
        self._publisher = publisher
        self._resource = SnsTopic(self, "Resource", name=name, kms_master_key_id=key.arn)
        key.grant_use(publisher, *PUBLISHING, via="sns", before=[self._resource])
        others = {"ArnNotEquals": {"aws:PrincipalArn": publisher.arn}}
        document = policy(
            _deny_plain_http(self.known_arn), deny(["sns:Publish"], resources=[self.known_arn], conditions=others)
        )
        SnsTopicPolicy(self, "Policy", arn=self._resource.arn, policy=document)

    @cached_property
    def arn(self) -> str:
        """The topic's ARN, which carries the dependency on the topic."""
        return str(self._resource.arn)

    def grant_publish(self) -> IamRolePolicy:
        """Let the topic's one publisher publish."""
        return self._publisher.allow(f"publish-{self.node.id}", actions=["sns:Publish"], resources=[self.known_arn])

    def subscribe_emails(self, addresses: Sequence[str], *, variable: TerraformVariable, filter_policy: str) -> None:
        """Subscribe the addresses, and the variable's address if a deployment sets one.

        They receive the messages whose attributes match the filter policy, a JSON text.
        """
        mailed = {"topic_arn": self.arn, "protocol": "email", "filter_policy": filter_policy}
        for address in addresses:
            SnsTopicSubscription(self, f"Email-{address}", endpoint=address, **mailed)
        given = SnsTopicSubscription(self, "EmailGivenAtDeployment", endpoint=variable.string_value, **mailed)
        # The bindings accept only a number as `count`, but Terraform must evaluate the condition.
        # If the variable repeats an address of the settings, AWS would still have one subscription
        # for two resources.
        without = json.dumps(["", *addresses])
        given.add_override("count", f"${{contains({without}, var.{variable.friendly_unique_id}) ? 0 : 1}}")

    def subscribe_mailbox(self, mailbox: Mailbox) -> None:
        """Deliver all announcements to the queue that stands in for an inbox."""
        SnsTopicSubscription(self, "Mailbox", topic_arn=self.arn, protocol="sqs", endpoint=mailbox.arn)


class ServiceTopic(Construct):
    """An encrypted topic for messages from an AWS service to people.

    A service publishes to an encrypted topic only if the key's own policy lets it, which needs a key of ours
    (SNS developer guide, "Enable compatibility between event sources from AWS services and encrypted topics").
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        key_alias: str,
        description: str,
        account: Account,
        service: str,
        encrypts: Conditions,
        publishes: Conditions | None = None,
        provider: TerraformProvider | None = None,
    ) -> None:
        """Create topic and key; both conditions limit the service.

        `encrypts` limits its use of the key, `publishes` its messages to the topic.
        """
        super().__init__(scope, id_)
        known_arn = account.arn("sns", name)
        self._provider = provider
        principal = {"Service": service}
        encrypt = allow(
            ["kms:Decrypt", "kms:GenerateDataKey*"], resources=["*"], principal=principal, conditions=encrypts
        )
        # No protection against removal: the key encrypts only messages in transit.
        self.key = EncryptionKey(
            self,
            "Key",
            alias=key_alias,
            description=description,
            account=account,
            removal_protection=False,
            users=[encrypt],
            provider=provider,
        )
        self._resource = SnsTopic(self, "Resource", name=name, kms_master_key_id=self.key.arn, provider=provider)
        publish = allow(["sns:Publish"], resources=[known_arn], principal=principal, conditions=publishes)
        document = policy(_deny_plain_http(known_arn), publish)
        SnsTopicPolicy(self, "Policy", arn=self._resource.arn, policy=document, provider=provider)

    @cached_property
    def arn(self) -> str:
        """The topic's ARN, which carries the dependency on the topic."""
        return str(self._resource.arn)

    def subscribe_emails(self, addresses: Sequence[str]) -> None:
        """Subscribe the addresses; each person must confirm."""
        for address in addresses:
            SnsTopicSubscription(
                self,
                f"Email-{address}",
                topic_arn=self.arn,
                protocol="email",
                endpoint=address,
                provider=self._provider,
            )


class AlarmTopic(ServiceTopic):
    """A topic for CloudWatch's messages about the account's alarms."""

    def __init__(
        self, scope: Construct, id_: str, *, name: str, key_alias: str, alarms: str, description: str, account: Account
    ) -> None:
        """Create the topic; `alarms` is the name pattern of the alarms that may publish."""
        own = {"StringEquals": {"aws:SourceAccount": account.id}}
        super().__init__(
            scope,
            id_,
            name=name,
            key_alias=key_alias,
            description=description,
            account=account,
            service="cloudwatch.amazonaws.com",
            encrypts=own,
            publishes={"ArnLike": {"aws:SourceArn": account.arn("cloudwatch", f"alarm:{alarms}")}, **own},
        )


class EventTopic(ServiceTopic):
    """A topic for EventBridge's messages about events.

    No condition names the rule or the account: SNS's guide says that a key's policy can't for EventBridge, and one
    edition of EventBridge's guide says it of a topic's. A wrong one would make the topic silent.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        key_alias: str,
        description: str,
        account: Account,
        provider: TerraformProvider,
    ) -> None:
        super().__init__(
            scope,
            id_,
            name=name,
            key_alias=key_alias,
            description=description,
            account=account,
            service="events.amazonaws.com",
            # SNS uses the key for this topic's messages only.
            encrypts={"StringEquals": {"kms:EncryptionContext:aws:sns:topicArn": account.arn("sns", name)}},
            provider=provider,
        )


def _deny_plain_http(topic_arn: str) -> Statement:
    # SNS accepts no `sns:*` in a topic's policy, only the actions that a topic has.
    return {**deny_plain_http("sns", topic_arn), "Action": ["sns:Publish", "sns:Subscribe"]}
