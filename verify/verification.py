"""A verification: the story, the questions, and the removal of all that came of them."""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime

from deployment.run_command import without_interrupts
from verify.cleanup import close_orders, remove_rows
from verify.customer import Customer
from verify.question_context import QuestionContext
from verify.questions import UNASKABLE, ask_all
from verify.user_pool_client import Person, UserPoolClient
from verify.verification_report import VerificationReport, VerificationStep
from verify.verified_environment import VerifiedEnvironment
from verify.watched_order import choose_dish, order_and_watch, order_text


class StepFailed(Exception):
    """A step that failed; the report says why."""


class Verification:
    """One run; `report` has what came of it, however it ended."""

    def __init__(
        self, target: VerifiedEnvironment, *, is_public: bool = False, say: Callable[[str], None] = print
    ) -> None:
        """With `is_public`, call public APIs alone once the customer is confirmed: rows stay, no log is read."""
        self._target, self._is_public, self._say = target, is_public, say
        self._started = time.monotonic()
        self._began = datetime.now(UTC)
        by = "a workflow or a customer, with public APIs alone" if is_public else "an operator"
        began = self._began.isoformat(timespec="seconds").replace("+00:00", "Z")
        self.report = VerificationReport(target.settings.environment, began, by, unaskable=UNASKABLE)
        self.person = Person()
        self.report.secrets += [self.person.username, self.person.password]
        self._open_orders: list[str] = []

    def run(self) -> None:
        """Live the story, ask the questions, and clean up; raises KeyboardInterrupt after the cleaning."""
        person, pool = self.person, UserPoolClient(self._target)
        ending = ExitStack()
        # Before anything is made: an answer may be lost, or somebody may press Ctrl-C meanwhile.
        ending.callback(self._remove, person, pool)
        try:
            self._run_steps(person, pool, ending)
        except StepFailed:
            pass  # the report has the step and its reason, and the exit code follows from it
        except BaseException as error:
            is_typed = isinstance(error, KeyboardInterrupt)
            self.report.failure = "interrupted" if is_typed else f"{type(error).__name__}: {error}"
            raise
        finally:
            with without_interrupts():
                ending.close()

    def _run_steps(self, person: Person, pool: UserPoolClient, ending: ExitStack) -> None:
        outputs = self._target.outputs
        with self._step("sign up") as tell:
            pool.sign_up(person)
            tell("a new customer signed up")
        with self._step("confirm") as tell:
            pool.confirm(person)
            tell("the sign-up was confirmed with the account's keys, because nobody reads the code")
        with self._step("sign in") as tell:
            customer = ending.enter_context(pool.sign_in(person))
            self.report.secrets += [customer.token, str(person.access_token)]
            ending.callback(self._close_orders, customer)
            tell("by SRP")
        with self._step("read the menu") as tell:
            dish = choose_dish(customer)
            tell(f"{dish['name']} of {dish['restaurantId']} can be ordered")
        with self._step("watch and order") as tell:
            watched = asyncio.run(order_and_watch(outputs, customer, dish))
            tell(f"{order_text(watched.order)}, got PAID; heard at once: {', '.join(watched.heard) or 'nothing'}")
        with self._step("list") as tell:
            listed = {order["id"]: order["status"] for order in customer.orders()}
            if listed.get(watched.order["id"]) != "PAID":
                raise StepFailed(f"the list of orders has {listed}, expected the order that got PAID")
            tell(f"{len(listed)} in the list of orders, all of them {' or '.join(sorted(set(listed.values())))}")
        context = QuestionContext(
            target=self._target,
            customer=customer,
            watched=watched,
            began_at=int(self._began.timestamp() * 1000),
            is_public=self._is_public,
        )
        self.report.answers = ask_all(context)
        for one in self.report.answers:
            self._tell(f"{one.id}: {one.answer.said} ({one.answer.verdict.value})")

    @contextmanager
    def _step(self, name: str) -> Iterator[Callable[[str], None]]:
        """Report what came of a step; a failure in it ends the story."""
        told: list[str] = []
        try:
            yield told.append
        except Exception as error:
            kind = "" if isinstance(error, StepFailed) else f"{type(error).__name__}: "
            self.report.failure = f"{name}: {kind}{error}"
            raise StepFailed from error
        step = VerificationStep(name, told[0], time.monotonic() - self._started)
        self.report.steps.append(step)
        self._tell(f"{name}: {step.said}")

    def _close_orders(self, customer: Customer) -> None:
        with self._cleaning("the open orders"):
            self._open_orders = close_orders(customer)
            if self._open_orders:
                self._left(f"orders that are still open: {', '.join(self._open_orders)}")

    def _remove(self, person: Person, pool: UserPoolClient) -> None:
        """Remove the customer, and their rows unless only public APIs may be called."""
        with self._cleaning("the customer"):
            pool.remove(person)
        if person.user_id is None:
            return
        if self._is_public:
            self.report.left.append(
                f"the rows of user_id {person.user_id} in orders and payments: no public API removes them"
            )
            return
        with self._cleaning(f"the rows of user_id {person.user_id}"):
            remove_rows(self._target, person.user_id, keep=self._open_orders)

    @contextmanager
    def _cleaning(self, what: str) -> Iterator[None]:
        """Go on with the next part when one fails."""
        try:
            yield
        except Exception as error:
            self._left(f"{what}, because of {type(error).__name__}: {error}")

    def _left(self, what: str) -> None:
        self.report.left.append(what)
        self.report.is_clean = False
        self._tell(f"left behind: {what}")

    def _tell(self, text: str) -> None:
        self._say(f"  {self.report.scrubbed(text)}")
