"""Customers who use the app by its visible texts, and the mails that they get."""

import json
import re
import uuid
from collections.abc import Mapping
from typing import Any
from urllib.request import Request, urlopen

from playwright.sync_api import Locator, expect

from environments.user_error import UserError
from local.engineer.token import FILE_NAME
from tests.conftest import Deployment
from tests.web.support.browser_windows import Window

RESTAURANT = "Trattoria Roma"
APPROVED = re.compile("is accepted")
DECLINED = re.compile("is declined")


class Customer:
    """A customer in front of a window."""

    def __init__(self, window: Window, user_id: str = "") -> None:
        self.window = window
        self.page = window.page
        self.user_id = user_id
        self.user: Mapping[str, str] = {}

    def sign_in(self, user: Mapping[str, str]) -> None:
        """Open the app and sign in; return when the menu is there."""
        self.user = user
        self.window.visit()
        self.give(user)
        self.is_at("What would you like?")

    def come_back(self, user: Mapping[str, str], outputs: Mapping[str, Any], refresh_token: str) -> None:
        """Open the app with a session of the deployment's user pool, as after a reload.

        It saves the second of computing that a sign-in with a password costs the browser.
        """
        self.user = user
        self.window.visit()
        kept = f"{outputs['user_pool_id']} {outputs['user_pool_client_id']} {refresh_token}"
        self.page.evaluate("(kept) => sessionStorage.setItem('orders.refresh-token', kept)", kept)
        self.page.reload()
        self.is_at("What would you like?")

    def give(self, user: Mapping[str, str]) -> None:
        """Fill in the form and send it."""
        self.page.get_by_label("E-mail address").fill(user["username"])
        self.page.get_by_label("Password").fill(user["password"])
        self.page.get_by_role("button", name="Sign in", exact=True).click()

    def is_at(self, heading: str) -> None:
        """Wait until the page with the heading is there."""
        expect(self.page.get_by_role("heading", name=heading)).to_be_visible()

    def sign_up(self, mails: "Mails") -> str:
        """Make an account with the mailed code; return the address when the menu is there."""
        email = self.begin_to_sign_up(mails)
        self.is_at("What would you like?")
        return email

    def begin_to_sign_up(self, mails: "Mails") -> str:
        """Make an account and send the code from the mail; return the address."""
        email = self.ask_for_a_code()
        self.page.get_by_label("Code").fill(mails.code_for(email))
        self.page.get_by_role("button", name="Confirm and sign in").click()
        return email

    def ask_for_a_code(self) -> str:
        """Make an account, up to the page that asks for the code; return the address."""
        email = f"{uuid.uuid4().hex}@example.com"
        self.window.visit()
        self.page.get_by_role("button", name="Create an account").click()
        self.page.get_by_label("E-mail address").fill(email)
        self.page.get_by_label("Password").fill(f"Aa1-{uuid.uuid4().hex}")
        self.page.get_by_role("button", name="Create account").click()
        self.is_at("Confirm your e-mail address")
        return email

    def confirm(self) -> None:
        """Send the code again, and wait for the menu."""
        self.page.get_by_role("button", name="Confirm and sign in").click()
        self.is_at("What would you like?")

    def choose(self, dish: str = "Margherita", *, card: re.Pattern[str] = APPROVED) -> None:
        """Put one dish into the basket, and choose a card."""
        self.page.get_by_role("radio", name=re.compile(RESTAURANT)).check()
        self.page.get_by_role("button", name=f"Add {dish}").click()
        self.page.get_by_role("radio", name=card).check()

    def place(self) -> str:
        """Place the order; return its id when its page is there."""
        self.place_button.click()
        self.page.wait_for_url("**/orders/*")
        return self.page.url.rpartition("/")[2]

    def order(self, dish: str = "Margherita", *, card: re.Pattern[str] = APPROVED) -> str:
        """Choose a dish and place the order; return its id."""
        self.choose(dish, card=card)
        return self.place()

    @property
    def place_button(self) -> Locator:
        """The button that places the order."""
        return self.page.get_by_role("button", name="Place order")

    def sees(self, status: str) -> None:
        """Wait until the order's page shows the status."""
        expect(self.page.locator(f'#main [data-status="{status}"]')).to_be_visible()

    def is_live(self) -> None:
        """Wait until the app shows that it gets live updates."""
        expect(self.page.locator('[data-liveness="live"]')).to_be_visible()

    def listed(self) -> list[str]:
        """Open the page of orders; return the ids on it."""
        self.page.get_by_role("link", name="Orders", exact=True).click()
        self.is_at("Your orders")
        expect(self.page.locator("[aria-busy=true]")).to_have_count(0)
        return [str(row.get_attribute("data-order")) for row in self.page.locator("[data-order]").all()]


class Mails:
    """The mails of the local run, as the engineer's view shows them."""

    def __init__(self, deployment: Deployment, web_url: str) -> None:
        self._web_url = web_url
        self.token = (deployment.run.directory / FILE_NAME).read_text(encoding="utf-8")

    def code_for(self, email: str) -> str:
        """Return the newest code that was sent to an address."""
        request = Request(f"{self._web_url}_local/mailbox", headers={"x-local-token": self.token})  # noqa: S310
        with urlopen(request, timeout=10) as answer:  # noqa: S310
            mails: list[dict[str, Any]] = json.load(answer)["mails"]
        for mail in mails:
            if mail["to"] == email and (found := re.search(r"\b\d{6}\b", mail["text"])):
                return found.group()
        raise UserError(f"no code was sent to {email}")
