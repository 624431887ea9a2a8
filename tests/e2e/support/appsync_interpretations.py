"""Another interpretation of AppSync's documents, for the deployed API."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from emulator.appsync.aws_interpretations import FAILED_CONDITION
from tests.e2e.support.administrator_access import AdministratorAccess

# The emulator serves a change of an API within this time (emulator/appsync/executor_cache.py).
SERVED_WITHIN_SECONDS = 5


@contextmanager
def failed_condition(account: AdministratorAccess, interpretation: str) -> Iterator[None]:
    """Use another interpretation of a write whose condition failed, while the block runs."""
    appsync, (_, api_id, *_) = account.client("appsync"), urlsplit(account.outputs["graphql_url"]).path[1:].split("/")
    arn = appsync.get_graphql_api(apiId=api_id)["graphqlApi"]["arn"]
    appsync.tag_resource(resourceArn=arn, tags={FAILED_CONDITION: interpretation})
    time.sleep(SERVED_WITHIN_SECONDS)
    try:
        yield
    finally:
        appsync.untag_resource(resourceArn=arn, tagKeys=[FAILED_CONDITION])
