"""The requests to KMS that `make cost` counts are of what is deployed."""

from environments.settings import settings_of
from local.costs.deployed_environment import DeployedEnvironment, read_deployed_environment
from local.costs.kms_requests import RULES
from tests.synth.support.stack_json import StackJson, name_of
from tests.synth.support.synth_run import SynthRun


def deployed(synthesis: SynthRun, environment: str) -> DeployedEnvironment:
    return read_deployed_environment(settings_of(environment), synthesis.output)


def test_all_rules_and_all_that_goes_on_without_orders_are_of_production(synthesis: SynthRun) -> None:
    uses = deployed(synthesis, "prod").key_uses

    always = {(use.user.removeprefix("orders-prod-"), use.rule) for use in uses if use.is_without_orders}
    assert {use.rule for use in uses} == set(RULES)
    assert always == {
        ("announce", "log"),
        ("announce", "read and write"),
        ("start-workflow", "receive"),
        ("sweep", "log"),
        ("sweep", "read and write"),
        ("sweep", "send"),
    }


def test_each_role_that_may_have_a_service_use_a_key_is_counted(
    synthesis: SynthRun, stacks: dict[str, StackJson]
) -> None:
    prod = stacks["prod"]
    grants = [one for one in prod.all("iam_role_policy") if "-via-" in one["name"] and not one["name"].endswith("-s3")]

    counted = {use.user for use in deployed(synthesis, "prod").key_uses if use.rule != "log"}

    assert counted == {name_of(prod.referred(one["role"])) for one in grants}


def test_without_keys_of_its_own_an_environment_pays_for_tables_and_topics_alone(synthesis: SynthRun) -> None:
    dev = deployed(synthesis, "dev")

    assert {use.rule for use in dev.key_uses} == {"publish", "read and write"}
    assert not dev.has_encrypted_variables
