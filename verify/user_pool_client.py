"""A client of the user pool: it signs a customer up and in as people do, and deletes that customer."""

import secrets
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from pycognito.aws_srp import AWSSRP

from verify.customer import Customer
from verify.verified_environment import VerifiedEnvironment


@dataclass
class Person:
    """Somebody who exists for one verification; nothing of it is for a report but the id."""

    # The mailbox simulator of SES takes a mail and answers nothing: the code bounces nowhere, and the sender's
    # reputation and quota stay as they are (SES Developer Guide, "Using the mailbox simulator manually").
    username: str = field(
        default_factory=lambda: f"success+verify-{secrets.token_hex(12)}@simulator.amazonses.com", repr=False
    )
    password: str = field(default_factory=lambda: f"Aa1-{secrets.token_urlsafe(24)}", repr=False)
    access_token: str | None = field(default=None, repr=False)
    user_id: str | None = None


class UserPoolClient:
    """The user pool of an environment, as anybody calls it; only confirming a sign-up takes keys."""

    def __init__(self, target: VerifiedEnvironment) -> None:
        self._target = target
        self._pool_id = str(target.outputs["user_pool_id"])
        self._client_id = str(target.outputs["user_pool_client_id"])

    def sign_up(self, person: Person) -> None:
        """Sign up as the page does."""
        answer = self._target.unsigned_cognito.sign_up(
            ClientId=self._client_id,
            Username=person.username,
            Password=person.password,
            UserAttributes=[{"Name": "email", "Value": person.username}],
        )
        person.user_id = str(answer["UserSub"])

    def confirm(self, person: Person) -> None:
        """Confirm a sign-up whose code nobody reads."""
        self._keys.admin_confirm_sign_up(UserPoolId=self._pool_id, Username=person.username)

    def make(self, person: Person) -> None:
        """Make a confirmed customer with keys: no mail is sent, of which Cognito's own sender has 50 a day."""
        names = {"UserPoolId": self._pool_id, "Username": person.username}
        attributes = [{"Name": "email", "Value": person.username}]
        made = self._keys.admin_create_user(**names, MessageAction="SUPPRESS", UserAttributes=attributes)
        person.user_id = next(one["Value"] for one in made["User"]["Attributes"] if one["Name"] == "sub")
        self._keys.admin_set_user_password(**names, Password=person.password, Permanent=True)

    def sign_in(self, person: Person) -> Customer:
        """Sign in by SRP, the one way that every environment has."""
        proof = AWSSRP(
            username=person.username,
            password=person.password,
            pool_id=self._pool_id,
            client_id=self._client_id,
            client=self._target.unsigned_cognito,
        )
        tokens = proof.authenticate_user()["AuthenticationResult"]
        person.access_token = str(tokens["AccessToken"])
        return Customer(str(self._target.outputs["graphql_url"]), str(tokens["IdToken"]))

    def remove(self, person: Person) -> None:
        """Delete the account as its customer can; one that nobody ever signed in to takes keys."""
        if person.access_token:
            self._target.unsigned_cognito.delete_user(AccessToken=person.access_token)
            return
        # Without such a user the sign-up didn't get there.
        with suppress(self._keys.exceptions.UserNotFoundException):
            self._keys.admin_delete_user(UserPoolId=self._pool_id, Username=person.username)

    @property
    def _keys(self) -> Any:
        return self._target.client("cognito-idp")
