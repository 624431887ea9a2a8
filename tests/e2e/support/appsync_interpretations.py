"""Runs the deployed API under another reading of AppSync than its guide's."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from emulator.appsync.readings import FAILED_CONDITION
from tests.e2e.support.account import Account

# The emulator serves a change of an API within this time (emulator/appsync/deployments.py).
SERVED_WITHIN_SECONDS = 5


@contextmanager
def failed_condition(account: Account, reading: str) -> Iterator[None]:
    """Play a write whose condition failed by this reading."""
    appsync, (_, api_id, *_) = account.client("appsync"), urlsplit(account.outputs["graphql_url"]).path[1:].split("/")
    arn = appsync.get_graphql_api(apiId=api_id)["graphqlApi"]["arn"]
    appsync.tag_resource(resourceArn=arn, tags={FAILED_CONDITION: reading})
    time.sleep(SERVED_WITHIN_SECONDS)
    try:
        yield
    finally:
        appsync.untag_resource(resourceArn=arn, tagKeys=[FAILED_CONDITION])
