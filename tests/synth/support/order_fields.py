"""Fields of an order, found in each place that must have them."""

import re
from dataclasses import dataclass, fields
from typing import Any, Literal

from orders.adapters.appsync_subscribers import PUBLISH_ORDER, publish_order_input
from orders.domain.order import Order
from orders.domain.row import order_from_row

from deployment.repository_paths import ROOT
from emulator.appsync.javascript import Engine, Evaluation
from tests.support.order_rows import order_row
from tests.synth.support.table_attributes import AskedRow

DISH = {"available": True, "unit_price": 950, "currency": "EUR"}
PRICE = {"unit_price", "total", "currency"}
# The first clients call the status by this name, which only answers have.
SECOND_NAMES = {"orderStatus"}


@dataclass(frozen=True)
class Api:
    """The schema's types that describe an order, by field, and the resolvers as they reach AppSync.

    `required` are the fields without which AppSync takes no OrderInput.
    """

    types: dict[str, set[str]]
    required: set[str]
    code: dict[str, str]

    @property
    def content(self) -> set[str]:
        """Return the fields that a customer gives for an order and sees again."""
        return (self.types["OrderInput"] & self.types["Order"]) - {"id"}

    @property
    def row(self) -> set[str]:
        """Return the attributes from which answers are made."""
        return attributes(self.types["Order"] - SECOND_NAMES)

    def run(self, name: str, handler: Literal["request", "response"], **context: Any) -> Evaluation:
        evaluation = Engine().evaluate(self.code[name], handler, {"identity": {"sub": "alice"}, **context})
        assert evaluation.error is None or evaluation.error_type == "OrderConflict", evaluation.error
        return evaluation


def attributes(names: set[str]) -> set[str]:
    """Return the attributes of a row for these fields of the schema."""
    return {re.sub(r"[A-Z]", lambda capital: f"_{capital[0].lower()}", name) for name in names}


def some(names: set[str]) -> dict[str, int]:
    """Return an object with those names. Numbers are valid values everywhere."""
    return dict.fromkeys(sorted(names), 2)


def in_stash(api: Api, resolver: str, type_: str) -> set[str]:
    return set(api.run(resolver, "request", args={"input": some(api.types[type_])}).stash["input"])


def priced(api: Api) -> set[str]:
    """Return the attributes of a change that leaves out all it may: one that is null is erased, one not there stays."""
    stash = {"input": some(api.required)}
    return set(api.run("functions/readMenuItem", "response", stash=stash, prev={}, result=DISH).stash["content"])


def inserted(api: Api) -> set[str]:
    stash = {"id": order_row()["id"], "input": {}, "content": some(attributes(api.content) | PRICE)}
    request = api.run("functions/insertOrder", "request", stash=stash, prev={}).result
    return {*request["key"], *request["attributeValues"]} & api.row


def updated(api: Api) -> set[str]:
    stash = {"id": order_row()["id"], "content": some(attributes(api.content) | PRICE)}
    update = api.run("functions/updateOrder", "request", stash=stash).result["update"]
    return set(update["expressionNames"].values()) - {"updated_at", "version"}


def compared(api: Api) -> set[str]:
    """Return the fields in which another value makes a conflict, with a message about it."""
    names = api.types["OrderInput"]
    found = {"input": some(names)}
    answers = {
        name: api.run("functions/replayOrder", "request", stash={"found": found, "input": some(names) | {name: 77}})
        for name in names
    }
    # A payment method is compared, but not named in the message.
    told = ("77", "another payment method")
    messages = {name: answer.error.message for name, answer in answers.items() if answer.error}
    return {name for name, message in messages.items() if any(part in message for part in told)} - {"id"}


def presented(api: Api) -> set[str]:
    return set(api.run("functions/presentOrder", "response", prev={"result": some(api.row)}).result)


def published(api: Api) -> set[str]:
    given = some(api.types["PublishOrderInput"])
    return set(api.run("publishOrder", "request", args={"input": given}).result["payload"])


def in_the_domain(_: Api) -> set[str]:
    money = {"currency"}
    return {field.name for field in fields(Order)} - {"key"} | {"id", "user_id"} | money


def read_by_lambda(_: Api) -> set[str]:
    row = AskedRow(order_row())
    order_from_row(row)
    return row.names


def announced(_: Api) -> set[str]:
    return set(publish_order_input(order_from_row(order_row())))


def selected(_: Api) -> set[str]:
    return set(re.findall(r"\w+", PUBLISH_ORDER.rpartition("{")[2]))


def page_types(_: Api) -> set[str]:
    (line,) = re.findall(r"^ +'Order': \{.*$", text_of("schema.d.ts"), re.MULTILINE)
    return set(re.findall(r"'(\w+)': \{ name:", line))


def page_fragment(_: Api) -> set[str]:
    (fragment,) = re.findall(r"fragment \w+ on Order [^{]*\{([^}]*)\}", text_of("documents.ts"))
    return set(fragment.split())


def text_of(file: str) -> str:
    return (ROOT / "web" / "src" / "api" / file).read_text(encoding="utf-8")
