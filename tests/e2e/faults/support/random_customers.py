"""Customers who act at random: a Hypothesis state machine that compares the system to the model."""

import copy
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, rule

from tests.e2e.faults.support.api_calls import Call, RecordedApi
from tests.e2e.faults.support.order_model import DONE, NEEDS, PRICES, Key, Model
from tests.e2e.support.administrator_access import AdministratorAccess
from tests.e2e.support.order_requests import new_id
from verify.polling import eventually

# The final statuses of an order when nothing breaks, by its payment method.
ENDS = {"pm_card_visa": "PAID", "pm_sim_error_once": "PAID", "pm_card_chargeDeclined": "FAILED"}
CUSTOMERS = range(4)
WITHIN_SECONDS = 20


@dataclass
class World:
    """The deployed system, its customers and the history of a run."""

    api: RecordedApi
    account: AdministratorAccess
    breaks: bool

    def ends(self, content: dict[str, Any]) -> frozenset[str]:
        """Return the statuses in which an order with that content may end.

        A charge that breaks at every attempt is voided.
        """
        method = content.get("paymentMethod")
        return frozenset({ENDS[method], *(["FAILED"] if self.breaks else [])}) if method else frozenset()


dishes = st.builds(
    lambda name, quantity: {"name": name, "quantity": quantity, "restaurantId": "trattoria-roma"},
    st.sampled_from(sorted(PRICES)),
    st.integers(1, 9),
)
contents = st.builds(
    lambda dish, method: {**dish, "paymentMethod": method}, dishes, st.sampled_from(["pm_card_visa", *sorted(ENDS)])
)
who = st.sampled_from(CUSTOMERS)


class RandomCustomers(RuleBasedStateMachine):
    """The actions of customers. The test sets `world`."""

    world: World
    ids = Bundle("ids")

    def __init__(self) -> None:
        super().__init__()
        self.model, self.holding = Model(), ExitStack()
        self.is_held = False

    def teardown(self) -> None:
        self.holding.close()

    @rule(target=ids, who=who, content=contents)
    def post(self, who: int, content: dict[str, Any]) -> str:
        id_ = new_id()
        self.call("post", who, id_, content)
        return id_

    @rule(who=who, id_=ids, content=contents)
    def post_with_a_known_id(self, who: int, id_: str, content: dict[str, Any]) -> None:
        self.call("post", who, id_, content)

    @rule(who=who, id_=ids)
    def repeat(self, who: int, id_: str) -> None:
        order = self.model.orders.get(self.key(who, id_))
        if order:
            self.call("post", who, id_, order.posted)

    @rule(who=who, id_=ids, action=st.sampled_from(["cancel", "delete"]))
    def end(self, who: int, id_: str, action: str) -> None:
        self.call(action, who, id_, {})

    @rule(who=who, id_=ids, dish=dishes)
    def update(self, who: int, id_: str, dish: dict[str, Any]) -> None:
        self.call("update", who, id_, dish)

    @rule(who=who, id_=ids, dish=dishes, actions=st.tuples(*[st.sampled_from(["post", *NEEDS])] * 2))
    def do_two_things_at_once(self, who: int, id_: str, dish: dict[str, Any], actions: tuple[str, str]) -> None:
        key = self.key(who, id_)
        known = self.model.orders.get(key)
        posted = known.posted if known else {**dish, "paymentMethod": "pm_card_visa"}
        one, other = (Call(action, *key, {"post": posted, "update": dish}.get(action, {})) for action in actions)

        answers = self.world.api.call_at_once((one, other))

        pairs = list(zip((one, other), answers, strict=True))
        possible = [model for order in (pairs, pairs[::-1]) if (model := self.played(order))]
        assert possible, f"{answers} to {actions} on {known}"
        shown = self.world.api.order(*key)
        fitting = [model for model in possible if model.fits(key, shown)]
        assert fitting, f"{shown} after {answers} to {actions} on {known}"
        self.model = fitting[0]
        self.check(key, shown)

    @rule(who=who, id_=ids)
    def look(self, who: int, id_: str) -> None:
        self.check(self.key(who, id_), self.world.api.order(*self.key(who, id_)))

    @rule(who=who)
    def list_all(self, who: int) -> None:
        user = self.world.api.users[who]

        found = self.world.api.orders(user)

        ids = [order["id"] for order in found]
        assert ids == sorted(set(ids), reverse=True)
        assert {order["userId"] for order in found} <= {user}
        shown = {order["id"]: order for order in found}
        for key in [key for key in {**self.model.orders, **self.model.deleted} if key[0] == user]:
            self.check(key, shown.get(key[1]))

    @rule()
    def hold_or_release(self) -> None:
        if self.is_held:
            self.holding.close()
            for order in self.model.orders.values():
                order.may_be |= {"PAYING", *order.ends} if "PENDING" in order.may_be else set()
        else:
            self.holding.enter_context(self.world.account.hints_held())
        self.is_held = not self.is_held

    @rule(who=who, id_=ids)
    def wait(self, who: int, id_: str) -> None:
        order = self.model.orders.get(self.key(who, id_))
        if order and not self.is_held and not self.world.breaks:
            key = self.key(who, id_)
            self.check(
                key,
                eventually(
                    lambda: self.world.api.order(*key),
                    lambda shown: shown and shown["status"] not in ("PENDING", "PAYING"),
                    within_seconds=WITHIN_SECONDS,
                ),
            )
            assert order.may_be <= {*order.ends, "CANCELLED"}

    def key(self, who: int, id_: str) -> Key:
        return self.world.api.users[who], id_

    def call(self, action: str, who: int, id_: str, content: dict[str, Any]) -> None:
        key = self.key(who, id_)
        is_new = key not in {**self.model.orders, **self.model.deleted}
        allowed = self.model.answers(action, key, content)

        answer, shown = self.world.api.call(Call(action, *key, content))

        assert answer in allowed, f"{answer} to {action} on {self.model.orders.get(key)}"
        self.model.said(action, key, answer, content, self.world.ends(content))
        if self.is_held and is_new and answer == DONE:
            self.model.orders[key].may_be = {"PENDING"}
        if shown:
            self.check(key, shown)

    def played(self, calls: list[tuple[Call, str]]) -> Model | None:
        """Return the model after the calls in this order, or None if the answers don't fit it."""
        model = copy.deepcopy(self.model)
        for call, answer in calls:
            if answer not in model.answers(call.action, call.key, call.content):
                return None
            model.said(call.action, call.key, answer, call.content, self.world.ends(call.content))
        return model

    def check(self, key: Key, shown: dict[str, Any] | None) -> None:
        assert self.model.fits(key, shown), f"{shown} instead of {self.model.orders.get(key)}"
        if shown:
            self.model.orders[key].seen(shown["status"])
