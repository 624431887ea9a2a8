"""No deployed resource exceeds a quota of AWS. quotas.toml has the quotas and their sources."""

import re

import pytest

from tests.integration.support.resolver_player import both, play
from tests.integration.support.resolver_rows import DISH, ID, INPUT, row
from tests.synth.support.quotas import MEASURES, QUOTAS
from tests.synth.support.synth_run import SynthRun

pytestmark = pytest.mark.contract
IN_REQUESTS = {"dynamodb-transaction"}  # measured on the resolvers' requests
SENT = {"statusCode": 200, "body": "{}"}


def test_every_quota_has_a_number_a_source_and_a_measure() -> None:
    assert set(QUOTAS) == set(MEASURES) | IN_REQUESTS
    for name, quota in QUOTAS.items():
        assert isinstance(quota["most"], int), name
        assert quota["unit"], name
        assert re.fullmatch(r"https://docs\.aws\.amazon\.com/\S+\.html", quota["source"]), name


@pytest.mark.parametrize("name", MEASURES)
def test_nothing_is_larger_than_aws_takes(name: str, synthesis: SynthRun) -> None:
    sizes = [
        (f"{stack.name} {what}", size) for stack in synthesis.stacks().values() for what, size in MEASURES[name](stack)
    ]

    assert sizes
    assert [found for found in sizes if found[1] > QUOTAS[name]["most"]] == []


def test_no_transaction_has_more_items_than_dynamodb_takes() -> None:
    answers = {"readPayment": both(None, None), "readMenuItem": DISH, "insertOrder": row(), "sendHint": SENT}

    outcome = play("Mutation.postOrder", {"input": {**INPUT, "id": ID}}, answers)

    transactions = [one["transactItems"] for one in outcome.requests.values() if "transactItems" in one]
    assert transactions
    assert max(map(len, transactions)) <= QUOTAS["dynamodb-transaction"]["most"]
