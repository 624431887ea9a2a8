"""Permissions that a local run uses, each with the path that breaks without it."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from itertools import zip_longest

from tests.e2e.faults.support.sweeper import ALL_HINTS
from tests.e2e.iam.support import api_paths
from tests.e2e.iam.support.api_paths import answered
from tests.e2e.iam.support.grants import Grant
from tests.e2e.iam.support.order_paths import (
    announced,
    hinted,
    kept,
    paid,
    put_behind,
    scheduled,
    swept,
    tried_again,
    tried_each_minute,
    watched,
)
from tests.e2e.iam.support.path_context import (
    PathSteps,
    Refusal,
    announce_log,
    function_log,
    mapping_of,
    scheduler_log,
    sweep_log,
    workflow_log,
)


@dataclass(frozen=True)
class Break:
    """A permission, the path that breaks without it, and the steps that show it."""

    role: str
    action: str
    resource: str
    path: str
    steps: PathSteps

    @property
    def grant(self) -> Grant:
        """The permission as a grant."""
        return Grant(self.role, self.action, self.resource)


ORDERS, MENU, PAYMENTS, DELAYED = "table/orders", "table/menu", "table/payments", "table/delayed"
PLACED = "placed"
OPEN_ORDERS, STREAM = "table/orders/index/open-orders", "table/orders/stream/*"
MACHINE, CHARGE, SWEEP = "stateMachine:order-express", "function:charge-payment", "function:sweep"
ANNOUNCE = "function:announce"
PUBLISH_ORDER = "apis/*/types/Mutation/fields/publishOrder"

LOOKING, LISTING, READING = "a customer looks at an order", "a customer lists the orders", "a customer reads a menu"
CANCELLING, DELETING = "a customer cancels an order", "a customer deletes an order"
PLACING, PAYING, ENDING = "an order is placed", "an order is paid", "people hear how an order ended"
WATCHING, KEEPING = "a customer watches an order", "a change that can't be announced is kept"
HINTING, GIVING_UP = "sweep takes up an order that waits", "sweep gives up an order that nobody took"
TICKING = "sweep runs each minute"
DELAYING, TRYING = "a change waits behind another of its order", "announce tries what waits"
# Paths of one chain depend on each other, so they are broken one after the other. All other paths
# can be broken at the same time.
CHAINS = ((PLACING, PAYING, ENDING, WATCHING, KEEPING, DELAYING, TRYING), (HINTING, GIVING_UP, TICKING))

takes, announce, sweep = mapping_of("start_workflow"), function_log("announce"), function_log("sweep")
starts, charges, moves = (
    paid(Refusal(source)) for source in (function_log("start_workflow"), function_log("charge_payment"), workflow_log)
)
unread = announced(Refusal(mapping_of("announce"), "Cannot access stream"))

BREAKS = (
    Break("api-orders-table", "dynamodb:GetItem", ORDERS, LOOKING, answered(api_paths.look)),
    Break("api-orders-table", "dynamodb:Query", ORDERS, LISTING, answered(api_paths.list_all)),
    Break("api-orders-table", "dynamodb:UpdateItem", ORDERS, CANCELLING, answered(api_paths.cancel)),
    Break("api-orders-table", "dynamodb:DeleteItem", ORDERS, DELETING, answered(api_paths.delete)),
    Break("api-orders-table", "dynamodb:PutItem", ORDERS, PLACING, answered(api_paths.place)),
    Break("api-menu-table", "dynamodb:Query", MENU, READING, answered(api_paths.read_menu)),
    Break("api-menu-table", "dynamodb:GetItem", MENU, PLACING, answered(api_paths.place)),
    Break("api-payments-table", "dynamodb:GetItem", ORDERS, PLACING, answered(api_paths.place_under_its_id)),
    Break("api-payments-table", "dynamodb:GetItem", PAYMENTS, PLACING, answered(api_paths.place_under_its_id)),
    Break("api-orders-queue", "sqs:SendMessage", PLACED, PAYING, hinted),
    Break("start-workflow", "sqs:ReceiveMessage", PLACED, PAYING, paid(Refusal(takes, "call ReceiveMessage"))),
    Break("start-workflow", "sqs:DeleteMessage", PLACED, PAYING, paid(Refusal(takes, "call DeleteMessage"))),
    Break("start-workflow", "sqs:GetQueueAttributes", PLACED, PAYING, paid(Refusal(takes, "call GetQueueAttributes"))),
    Break("start-workflow", "states:StartExecution", MACHINE, PAYING, starts),
    Break("order", "dynamodb:UpdateItem", ORDERS, PAYING, moves),
    Break("order", "lambda:InvokeFunction", CHARGE, PAYING, moves),
    Break("charge-payment", "dynamodb:GetItem", ORDERS, PAYING, charges),
    Break("charge-payment", "dynamodb:GetItem", PAYMENTS, PAYING, charges),
    Break("charge-payment", "dynamodb:PutItem", PAYMENTS, PAYING, charges),
    Break("announce", "dynamodb:DescribeStream", STREAM, ENDING, unread),
    Break("announce", "dynamodb:GetRecords", STREAM, ENDING, unread),
    Break("announce", "dynamodb:GetShardIterator", STREAM, ENDING, unread),
    Break("announce", "sns:Publish", "announcements", ENDING, announced(Refusal(announce))),
    Break(
        "announce", "appsync:GraphQL", PUBLISH_ORDER, WATCHING, watched(Refusal(announce, "publishOrder answered 401"))
    ),
    Break("announce", "s3:PutObject", "undelivered/*", KEEPING, kept(Refusal(announce))),
    Break("announce", "dynamodb:Query", DELAYED, DELAYING, put_behind(Refusal(announce))),
    Break("announce", "dynamodb:PutItem", DELAYED, DELAYING, put_behind(Refusal(announce))),
    Break("announce", "dynamodb:Scan", DELAYED, TRYING, tried_again(Refusal(announce_log))),
    Break("announce", "dynamodb:DeleteItem", DELAYED, TRYING, tried_again(Refusal(announce))),
    Break("announce-schedule", "lambda:InvokeFunction", ANNOUNCE, TRYING, tried_each_minute(Refusal(scheduler_log))),
    Break("sweep", "dynamodb:Query", OPEN_ORDERS, HINTING, swept(Refusal(sweep_log))),
    Break("sweep", "dynamodb:UpdateItem", ORDERS, HINTING, swept(Refusal(sweep))),
    Break("sweep", "sqs:SendMessage", PLACED, HINTING, swept(Refusal(sweep))),
    Break("sweep", "dynamodb:GetItem", PAYMENTS, GIVING_UP, swept(Refusal(sweep), hints=ALL_HINTS)),
    Break("sweep", "dynamodb:PutItem", PAYMENTS, GIVING_UP, swept(Refusal(sweep), hints=ALL_HINTS)),
    Break("sweep-schedule", "lambda:InvokeFunction", SWEEP, TICKING, scheduled(Refusal(scheduler_log))),
)


def rounds(breaks: Collection[Break]) -> list[list[Break]]:
    """Group the breaks that can happen at the same time: at most one of each chain or path."""
    chains = defaultdict(list)
    for one in breaks:
        chains[next((chain for chain in CHAINS if one.path in chain), (one.path,))].append(one)
    return [[one for one in some if one] for some in zip_longest(*chains.values())]
