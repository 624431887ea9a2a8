"""AWS's quotas that orders meet, what an order takes of each, and what answers it."""

from dataclasses import dataclass

from environments.order_rules import OPEN_ORDERS_SHARDS
from environments.settings import Settings, Timeouts
from scale import parameters
from scale.simulation import Announcer

REGIONS = ("us-east-1", "eu-central-1")
# Of an account that has asked for nothing.
DEFAULT_ANNOUNCER = Announcer(
    shards=parameters.NEW_TABLE_SHARDS,
    batches_at_once=Settings.announce_parallelization,
    side_by_side=parameters.SIDE_BY_SIDE,
    news=parameters.PAID_AFTER_A_WINDOW,
)
# An execution of charge_payment, and the share of an order in full batches of the two others.
_EXECUTIONS = (
    parameters.CHARGE_SECONDS
    + parameters.CALL_SECONDS
    + parameters.INVOCATION_SECONDS / parameters.HINTS_A_BATCH
    + DEFAULT_ANNOUNCER.lanes / DEFAULT_ANNOUNCER.keeps_up_to()
)
_HINT_SECONDS = parameters.CALL_SECONDS + parameters.INVOCATION_SECONDS / parameters.HINTS_A_BATCH
_GUIDE = "https://docs.aws.amazon.com"
SOURCES = {
    "appsync": ("Using token counts to optimize your requests", f"{_GUIDE}/appsync/latest/devguide/monitoring.html"),
    "cognito": ("Quotas in Amazon Cognito", f"{_GUIDE}/cognito/latest/developerguide/quotas.html"),
    "lambda": ("Lambda quotas", f"{_GUIDE}/lambda/latest/dg/gettingstarted-limits.html"),
    "lambda-scaling": ("Lambda scaling behavior", f"{_GUIDE}/lambda/latest/dg/scaling-behavior.html"),
    "partitions": (
        "Understanding DynamoDB warm throughput in different scenarios",
        f"{_GUIDE}/amazondynamodb/latest/developerguide/warm-throughput-scenarios.html",
    ),
    "on-demand": (
        "DynamoDB on-demand capacity mode",
        f"{_GUIDE}/amazondynamodb/latest/developerguide/on-demand-capacity-mode.html",
    ),
    "sns": ("Amazon SNS endpoints and quotas", f"{_GUIDE}/general/latest/gr/sns.html"),
    "sqs": (
        "Amazon SQS standard queue quotas",
        f"{_GUIDE}/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-queues.html",
    ),
    "queue-scaling": (
        "Configuring scaling behavior for SQS event source mappings",
        f"{_GUIDE}/lambda/latest/dg/services-sqs-scaling.html",
    ),
    "step-functions": ("Step Functions service quotas", f"{_GUIDE}/step-functions/latest/dg/service-quotas.html"),
    "stream": (
        "Lambda parameters for Amazon DynamoDB event source mappings",
        f"{_GUIDE}/lambda/latest/dg/services-ddb-params.html",
    ),
}


@dataclass(frozen=True)
class Quota:
    """A quota, in as many units as an order takes `an_order` of; `limits` stand in the order of REGIONS."""

    name: str
    takes: str
    an_order: float
    limits: tuple[float, float]
    answer: str
    source: str

    def ends_at(self, region: str) -> float:
        """Return the orders a second that use it up."""
        return self.limits[REGIONS.index(region)] / self.an_order


QUOTAS = [
    Quota(
        "SNS: e-mails to one subscription",
        "1, when every final status is mailed",
        1,
        (10, 10),
        '`email_statuses = ["FAILED"]`: at 5 % failed, 200 orders a second. Above, queues and programs subscribe',
        "sns",
    ),
    Quota(
        "Cognito: UserAuthentication",
        "1, when each customer signs in or refreshes once an order",
        1,
        (120, 120),
        "A higher rate, which Cognito sells; longer `id_token_minutes` and `access_token_minutes`",
        "cognito",
    ),
    Quota(
        "Cognito: UserCreation",
        "0.1: sign-up and code, when one customer in twenty is new",
        0.1,
        (50, 50),
        "A higher rate, which Cognito sells",
        "cognito",
    ),
    Quota(
        "Step Functions: StartExecution, STANDARD",
        "1",
        1,
        (300, 150),
        '`workflow_type = "EXPRESS"`, or a raise',
        "step-functions",
    ),
    Quota(
        "Step Functions: transitions, STANDARD",
        "5 at most: the start and four states",
        5,
        (5000, 800),
        '`workflow_type = "EXPRESS"`, or a raise',
        "step-functions",
    ),
    Quota("Step Functions: StartExecution, EXPRESS", "1", 1, (6000, 6000), "A raise", "step-functions"),
    Quota(
        "AppSync: request tokens",
        "7: `postOrder`, three `publishOrder`, three reads by the customer, a token each",
        7,
        (5000, 5000),
        "A raise. AWS's default is 5,000 or 10,000, by region",
        "appsync",
    ),
    Quota(
        "Lambda: concurrent executions",
        "0.35: the charge 0.3 s, its hint and its announcements",
        _EXECUTIONS,
        (1000, 1000),
        "A raise. What is throttled is late, not lost",
        "lambda",
    ),
    Quota(
        "Lambda: new environments of `charge_payment` in ten seconds",
        "0.3, when nothing ran before",
        parameters.CHARGE_SECONDS,
        (1000, 1000),
        "None needed: what is throttled is tried again for half a minute, and then by `sweep`",
        "lambda-scaling",
    ),
    Quota(
        "The stream: batches at once",
        "four shards, the default `announce_parallelization`, with a change window",
        DEFAULT_ANNOUNCER.lanes / DEFAULT_ANNOUNCER.keeps_up_to(),
        (DEFAULT_ANNOUNCER.lanes, DEFAULT_ANNOUNCER.lanes),
        "`announce_parallelization`, at most 10, which is AWS's own limit; then memory for `announce`",
        "stream",
    ),
    Quota(
        "DynamoDB: writes of a new table, orders",
        "3 of 1 kB",
        parameters.ORDER_WRITES,
        (4000, 4000),
        "Warm throughput. Else AWS carries twice the highest rate so far, and more when it grows over half an hour",
        "on-demand",
    ),
    Quota(
        "DynamoDB: writes of the new index of open orders",
        "4: in, moved (2), out",
        parameters.INDEX_WRITES,
        (4000, 4000),
        "The same as for a new table",
        "on-demand",
    ),
    Quota(
        "DynamoDB: writes of one partition, the index",
        f"4, on one of {OPEN_ORDERS_SHARDS} parts (`OPEN_ORDERS_SHARDS`)",
        parameters.INDEX_WRITES / OPEN_ORDERS_SHARDS,
        (parameters.PARTITION_WRITES, parameters.PARTITION_WRITES),
        "More parts: one character of the order's id gives up to 32, which carry 8,000 orders a second; two give more",
        "partitions",
    ),
    Quota(
        "DynamoDB: reads of one partition, the list of restaurants",
        "1, when each customer loads it once an order",
        1,
        (3000, 3000),
        "AppSync's cache for `Query.restaurants`, or eventually consistent reads",
        "partitions",
    ),
    Quota(
        "DynamoDB: writes of a table, orders", "3", parameters.ORDER_WRITES, (40_000, 40_000), "A raise", "on-demand"
    ),
    Quota(
        "DynamoDB: writes of a table, its index",
        "4, if an index counts by itself",
        parameters.INDEX_WRITES,
        (40_000, 40_000),
        "A raise",
        "on-demand",
    ),
    Quota(
        "SNS: Publish",
        "1",
        1,
        (30_000, 1500),
        "A raise. 9,000 in us-west-2 and eu-west-1; 300 in regions that AWS's page doesn't name",
        "sns",
    ),
    Quota(
        "SQS: messages in flight, while each hint fails",
        f"{Timeouts.visibility} s, the visibility timeout",
        Timeouts.visibility,
        (120_000, 120_000),
        "None needed: SQS hands out no more until some are visible again",
        "sqs",
    ),
    Quota(
        "SQS: messages in flight",
        "0.31 s, a full batch",
        _HINT_SECONDS * parameters.HINTS_A_BATCH,
        (120_000, 120_000),
        "None needed: 1,000 workers hold 10,000 messages",
        "sqs",
    ),
    Quota(
        "Lambda: workers of a queue (`workflow_concurrency`)",
        "0.031 s of one",
        _HINT_SECONDS,
        (1000, 1000),
        "1,000 is AWS's own limit. Beyond, provisioned pollers instead of it: up to 20,000 executions",
        "queue-scaling",
    ),
]
