"""SQS queues."""

import json
from collections.abc import Sequence
from functools import cached_property

from cdktf import TerraformProvider
from cdktf_cdktf_provider_aws.iam_role_policy import IamRolePolicy
from cdktf_cdktf_provider_aws.sqs_queue import SqsQueue
from constructs import Construct

from environments.limits import VISIBILITY_TIMEOUTS
from environments.names import dead_letter_queue
from stacks.components.deletion_protection import lifecycle
from stacks.components.key import EncryptionKey
from stacks.iam import Account, Grantee, allow, deny_plain_http, policy

FOURTEEN_DAYS = 14 * 24 * 60 * 60


class Queue(Construct):
    """A queue whose poison messages land in a dead-letter queue."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        account: Account,
        visibility_timeout_seconds: int,
        consumer_timeout_seconds: int,
        max_receives: int = 4,
        removal_protection: bool = False,
        key: EncryptionKey | None = None,
    ) -> None:
        """Create the queue; it is encrypted with the key, or with SQS's own.

        The lowest visibility timeout is AWS's advice for Lambda consumers: 6 × the function's
        timeout.
        """
        super().__init__(scope, id_)
        self._key = key
        least = VISIBILITY_TIMEOUTS * consumer_timeout_seconds
        if visibility_timeout_seconds < least:
            raise ValueError(f"visibility timeout must be at least {least} s, got {visibility_timeout_seconds} s")
        self.name = name
        self.dead_letter_queue_name = dead_letter_queue(name)
        self.known_arn = account.arn("sqs", name)
        self.known_dead_letter_queue_arn = account.arn("sqs", self.dead_letter_queue_name)
        # SQS Developer Guide, "Queue and message identifiers". No dependency: `create_before_destroy` would spread to
        # the queue (docs/decisions/infrastructure/create-before-destroy.md).
        self.known_url = f"https://sqs.{account.region}.amazonaws.com/{account.id}/{name}"
        # `policy` and the redrive attributes are inline: a separate resource takes the provider 25
        # s more.
        self._dead_letters = SqsQueue(
            self,
            "DeadLetters",
            name=self.dead_letter_queue_name,
            message_retention_seconds=FOURTEEN_DAYS,
            sqs_managed_sse_enabled=None if key else True,
            kms_master_key_id=key.arn if key else None,
            policy=policy(deny_plain_http("sqs", self.known_dead_letter_queue_arn)),
            redrive_allow_policy=_compact({"redrivePermission": "byQueue", "sourceQueueArns": [self.known_arn]}),
            lifecycle=lifecycle(removal_protection),
        )
        self._resource = SqsQueue(
            self,
            "Resource",
            name=name,
            visibility_timeout_seconds=visibility_timeout_seconds,
            receive_wait_time_seconds=20,
            sqs_managed_sse_enabled=None if key else True,
            kms_master_key_id=key.arn if key else None,
            policy=policy(deny_plain_http("sqs", self.known_arn)),
            redrive_policy=_compact(
                {"deadLetterTargetArn": self.known_dead_letter_queue_arn, "maxReceiveCount": max_receives}
            ),
            # SQS refuses a target that doesn't exist yet, and the ARN known in advance is no
            # dependency.
            depends_on=[self._dead_letters],
            lifecycle=lifecycle(removal_protection),
        )

    @cached_property
    def arn(self) -> str:
        """The queue's ARN, which carries the dependency on the queue."""
        return str(self._resource.arn)

    @cached_property
    def url(self) -> str:
        """The queue's URL."""
        return str(self._resource.url)

    @cached_property
    def dead_letter_queue_url(self) -> str:
        """The URL of the queue that poison messages land in."""
        return str(self._dead_letters.url)

    def grant_send(self, grantee: Grantee) -> list[IamRolePolicy]:
        """Let the grantee put messages on the queue."""
        grant = grantee.allow(f"send-{self.node.id}", actions=["sqs:SendMessage"], resources=[self.known_arn])
        # SQS gets a data key to encrypt, and decrypts the data key that it has.
        return [grant, *self._allow_key_use(grantee, "Decrypt", "GenerateDataKey")]

    def grant_consume(self, grantee: Grantee) -> list[IamRolePolicy]:
        """Let the grantee receive messages and delete them."""
        actions = ["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"]
        grant = grantee.allow(f"consume-{self.node.id}", actions=actions, resources=[self.known_arn])
        return [grant, *self._allow_key_use(grantee, "Decrypt")]

    def _allow_key_use(self, grantee: Grantee, *actions: str) -> list[IamRolePolicy]:
        queues = [self._dead_letters, self._resource]
        return [self._key.grant_use(grantee, *actions, via="sqs", before=queues)] if self._key else []


class ServiceQueue(Construct):
    """A queue that an AWS service fills for the resources of some ARNs, and nobody else."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        account: Account,
        service: str,
        sources: Sequence[str],
        retention_seconds: int | None = None,
        provider: TerraformProvider | None = None,
    ) -> None:
        """Create the queue; it keeps a message for `retention_seconds`, or for SQS's four days."""
        super().__init__(scope, id_)
        self.known_arn = account.arn("sqs", name)
        fill = allow(
            ["sqs:SendMessage"],
            resources=[self.known_arn],
            principal={"Service": service},
            conditions={"ArnEquals": {"aws:SourceArn": sources[0] if len(sources) == 1 else list(sources)}},
        )
        self._resource = SqsQueue(
            self,
            "Resource",
            name=name,
            message_retention_seconds=retention_seconds,
            sqs_managed_sse_enabled=True,
            policy=policy(fill, deny_plain_http("sqs", self.known_arn)),
            provider=provider,
        )

    @cached_property
    def arn(self) -> str:
        """The queue's ARN, which carries the dependency on the queue."""
        return str(self._resource.arn)

    @cached_property
    def url(self) -> str:
        """The queue's URL."""
        return str(self._resource.url)


class Mailbox(ServiceQueue):
    """A queue in place of an e-mail inbox: it receives everything that the topic announces."""

    def __init__(self, scope: Construct, id_: str, *, name: str, account: Account, topic_arn: str) -> None:
        super().__init__(scope, id_, name=name, account=account, service="sns.amazonaws.com", sources=[topic_arn])


def _compact(document: object) -> str:
    """Return JSON as SQS returns it: the provider compares these two attributes as text."""
    return json.dumps(document, separators=(",", ":"))
