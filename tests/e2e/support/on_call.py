"""The person on call: a user with the permissions that `permissions` prints, and no others."""

import json
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from click.testing import CliRunner

from environments.names import Names
from operations.commands import operations
from operations.commands.target_environment import CommandTarget
from operations.environment import local_run_environment
from tests.e2e.support.administrator_access import AdministratorAccess

Ops = Callable[..., list[str]]


@contextmanager
def on_call(account: AdministratorAccess, *policies: Callable[[Names], Mapping[str, Any]]) -> Iterator[Ops]:
    """Yield a function that runs a command as such a user and returns the lines of its output."""
    outputs = account.outputs
    names = Names(environment="local", account_id="000000000000", region=outputs["region"])
    iam, name = account.client("iam"), f"on-call-{uuid.uuid4().hex[:8]}"
    iam.create_user(UserName=name)
    for policy in policies:
        document = json.dumps(policy(names))
        iam.put_user_policy(UserName=name, PolicyName=policy.__name__, PolicyDocument=document)
    key = iam.create_access_key(UserName=name)["AccessKey"]
    own = {"access_key_id": key["AccessKeyId"], "secret_access_key": key["SecretAccessKey"]}
    target = CommandTarget("local")
    target.__dict__["environment"] = local_run_environment({**outputs, **own}, names)

    def run(*arguments: str) -> list[str]:
        done = CliRunner().invoke(operations, arguments, obj=target, catch_exceptions=True)
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        assert done.exit_code == 0, done.output
        return done.output.splitlines()

    try:
        yield run
    finally:
        iam.delete_access_key(UserName=name, AccessKeyId=key["AccessKeyId"])
        for policy in policies:
            iam.delete_user_policy(UserName=name, PolicyName=policy.__name__)
        iam.delete_user(UserName=name)
