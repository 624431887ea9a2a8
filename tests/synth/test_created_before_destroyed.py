"""Terraform makes the new one first of each resource with create_before_destroy, and of all that it depends on."""

import json
import re

import pytest

from tests.synth.support.stack_json import StackJson

# AWS refuses to make a second one of the same name, or makes another one. Where it answers with the one that exists,
# as SQS, SNS and Step Functions do, Terraform would go on to delete that.
NEVER_THE_OLD_ONE = {
    "appsync_datasource",
    "appsync_function",
    "appsync_graphql_api",
    "cognito_user_pool",
    "cognito_user_pool_client",
    "dynamodb_table",
    "iam_role",
    "kms_key",
}
# The grants on a customer's key, which a table waits for. They are replaced only with their role or under a new name.
REPLACED_WITH_ITS_ROLE = {"iam_role_policy"}
# In what is evaluated and in `depends_on`.
RESOURCE = re.compile(r"\baws_(\w+)\.([\w-]+)")


@pytest.fixture
def made_first(stack: StackJson) -> set[str]:
    """The types of the resources that Terraform makes before it destroys those that they replace."""
    resources = {
        (type_.removeprefix("aws_"), id_): resource
        for type_, named in stack.document["resource"].items()
        for id_, resource in named.items()
    }
    left = [key for key, one in resources.items() if one.get("lifecycle", {}).get("create_before_destroy")]
    found: set[tuple[str, str]] = set()
    while left:
        key = left.pop()
        if key not in found:
            found.add(key)
            named = set(RESOURCE.findall(json.dumps(resources[key])))
            left += named & resources.keys()
    return {type_ for type_, _ in found}


def test_nothing_is_made_first_that_would_be_the_old_one(made_first: set[str]) -> None:
    assert "appsync_function" in made_first
    assert made_first <= NEVER_THE_OLD_ONE | REPLACED_WITH_ITS_ROLE
