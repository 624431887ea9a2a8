"""A user pool and an app client of it, with calls that need no keys."""

import base64
import hashlib
import hmac
import json
import re
import struct
import time
import uuid
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import boto3
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError

from deployment.local_outputs import write_outputs
from local.engineer.token import FILE_NAME
from local.server_process import Server

PASSWORD = "Aa1-0123456789"
FLOWS = [
    "ALLOW_USER_PASSWORD_AUTH",
    "ALLOW_USER_SRP_AUTH",
    "ALLOW_REFRESH_TOKEN_AUTH",
    "ALLOW_ADMIN_USER_PASSWORD_AUTH",
]
Settings = dict[str, Any]
EMAIL: Settings = {"UsernameAttributes": ["email"], "AutoVerifiedAttributes": ["email"]}
ANY_CASE: Settings = {"UsernameConfiguration": {"CaseSensitive": False}}
EXACT_CASE: Settings = {"UsernameConfiguration": {"CaseSensitive": True}}
Tokens = dict[str, str]


@cache
def client_without_keys(endpoint_url: str) -> Any:
    """Return a client for calls without a signature."""
    return boto3.client(
        "cognito-idp",
        endpoint_url=endpoint_url,
        region_name="us-east-1",
        config=Config(signature_version=UNSIGNED, retries={"total_max_attempts": 1}),
    )


@cache
def client_with_keys(endpoint_url: str, access_key_id: str, secret_access_key: str) -> Any:
    """Return a client with an administrator's keys."""
    return boto3.client(
        "cognito-idp",
        endpoint_url=endpoint_url,
        region_name="us-east-1",
        aws_access_key_id=access_key_id,
        aws_secret_access_key=secret_access_key,
    )


def error_of(call: Any, **arguments: Any) -> str:
    """Make a call; return the code of its error, or nothing."""
    try:
        call(**arguments)
    except ClientError as error:
        return str(error.response["Error"]["Code"])
    return ""


@dataclass
class Pool:
    """A pool with a client, on a server whose engineer's mailbox shows the pool's mails."""

    server: Server
    directory: Path
    pool_id: str
    client_id: str

    @classmethod
    def make(cls, server: Server, directory: Path, *, client: Settings | None = None, **settings: Any) -> "Pool":
        """Make a pool with these settings, and a client with those."""
        cognito = client_with_keys(server.endpoint_url, server.access_key_id, server.secret_access_key)
        pool_id = cognito.create_user_pool(PoolName="pool", **settings)["UserPool"]["Id"]
        made = cognito.create_user_pool_client(
            UserPoolId=pool_id, ClientName="client", ExplicitAuthFlows=FLOWS, **(client or {})
        )
        outputs = {**server.account, "user_pool_id": pool_id, "mailbox_queue_url": "none"}
        write_outputs(directory, outputs)
        return cls(server, directory, pool_id, made["UserPoolClient"]["ClientId"])

    @property
    def anybody(self) -> Any:
        """A client without keys."""
        return client_without_keys(self.server.endpoint_url)

    @property
    def administrator(self) -> Any:
        """A client with the administrator's keys."""
        return client_with_keys(self.server.endpoint_url, self.server.access_key_id, self.server.secret_access_key)

    def make_user(self, username: str = "", **attributes: str) -> str:
        """Make a confirmed user, by default with a random address; return the name."""
        username = username or f"{uuid.uuid4().hex}@example.com"
        given = [{"Name": name, "Value": value} for name, value in attributes.items()]
        names = {"UserPoolId": self.pool_id, "Username": username}
        self.administrator.admin_create_user(**names, MessageAction="SUPPRESS", UserAttributes=given)
        self.administrator.admin_set_user_password(**names, Password=PASSWORD, Permanent=True)
        return username

    def sign_up(self, username: str, **attributes: str) -> str:
        """Sign up; return the user's sub."""
        given = [{"Name": name, "Value": value} for name, value in attributes.items()]
        made = self.anybody.sign_up(ClientId=self.client_id, Username=username, Password=PASSWORD, UserAttributes=given)
        return str(made["UserSub"])

    def sign_in(self, username: str, password: str = PASSWORD) -> Tokens:
        """Sign in with the password; return the tokens."""
        return dict(self.answer_to_password(username, password)["AuthenticationResult"])

    def answer_to_password(self, username: str, password: str = PASSWORD) -> dict[str, Any]:
        """Return the answer to the right password."""
        parameters = {"USERNAME": username, "PASSWORD": password}
        answer = self.anybody.initiate_auth(
            ClientId=self.client_id, AuthFlow="USER_PASSWORD_AUTH", AuthParameters=parameters
        )
        return dict(answer)

    def refresh(self, token: str) -> Tokens:
        """Refresh a session as Amplify does."""
        answer = self.anybody.get_tokens_from_refresh_token(ClientId=self.client_id, RefreshToken=token)
        return dict(answer["AuthenticationResult"])

    def refresh_by_flow(self, token: str) -> Tokens:
        """Refresh a session as older clients do."""
        answer = self.anybody.initiate_auth(
            ClientId=self.client_id, AuthFlow="REFRESH_TOKEN_AUTH", AuthParameters={"REFRESH_TOKEN": token}
        )
        return dict(answer["AuthenticationResult"])

    def codes_for(self, address: str) -> list[str]:
        """Return the codes that the engineer's mailbox shows for an address, newest first."""
        token = (self.directory / FILE_NAME).read_text(encoding="utf-8")
        request = Request(f"{self.server.endpoint_url}/_local/mailbox", headers={"x-local-token": token})  # noqa: S310
        with urlopen(request, timeout=10) as answer:  # noqa: S310  # loopback
            mails = json.load(answer)["mails"]
        found = [re.search(r"\b\d{6}\b", mail["text"]) for mail in mails if mail["to"] == address]
        return [code.group() for code in found if code]

    def code_for(self, address: str) -> str:
        """Return the newest code for an address."""
        return self.codes_for(address)[0]


def other_than(code: str) -> str:
    """Return a code that differs from this one."""
    return f"{(int(code) + 1) % 10**6:06d}"


def authenticator_code(secret: str, *, at: float | None = None) -> str:
    """Return the code that an authenticator with the secret shows (RFC 6238)."""
    counter = int((time.time() if at is None else at) // 30)
    mac = hmac.new(base64.b32decode(secret), struct.pack(">Q", counter), hashlib.sha1).digest()
    offset = mac[-1] & 0xF
    return f"{(struct.unpack('>I', mac[offset : offset + 4])[0] & 0x7FFFFFFF) % 10**6:06d}"
