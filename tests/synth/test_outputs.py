"""The outputs of the stack are those that `.local/outputs.json` promises."""

import pytest

from environments.names import FUNCTIONS, noun
from tests.synth.support.stack_json import StackJson, name_of

CONTRACT = {
    *("graphql_url", "realtime_url", "aws_endpoint_url", "region", "user_pool_id", "user_pool_client_id"),
    *("demo_user", "orders_table", "menu_table", "payments_table", "queue_url", "dead_letter_queue_url"),
    *("mailbox_queue_url", "topic_arn", "state_machine_arn", "functions", "access_key_id", "secret_access_key"),
}
# Outputs that the local run adds without Terraform.
OF_THE_RUN = {"aws_endpoint_url", "access_key_id", "secret_access_key", "demo_user"}


def test_the_local_stack_and_its_run_give_the_whole_contract(stacks: dict[str, StackJson]) -> None:
    outputs = stacks["local"].document["output"].keys()

    assert outputs | OF_THE_RUN == CONTRACT
    assert outputs & OF_THE_RUN == set()


def test_a_stack_without_a_mailbox_gives_the_rest(dev: StackJson) -> None:
    assert dev.document["output"].keys() | OF_THE_RUN == CONTRACT - {"mailbox_queue_url"}


@pytest.mark.parametrize(
    ("output", "type_", "noun", "attribute"),
    [
        ("user_pool_id", "cognito_user_pool", "customers", "id"),
        ("user_pool_client_id", "cognito_user_pool_client", "customers-client", "id"),
        ("orders_table", "dynamodb_table", "orders", "name"),
        ("menu_table", "dynamodb_table", "menu", "name"),
        ("payments_table", "dynamodb_table", "payments", "name"),
        ("queue_url", "sqs_queue", "placed", "url"),
        ("dead_letter_queue_url", "sqs_queue", "placed-dead-letters", "url"),
        ("mailbox_queue_url", "sqs_queue", "mailbox", "url"),
        ("topic_arn", "sns_topic", "announcements", "arn"),
        ("graphql_url", "appsync_graphql_api", "api", "uris.GRAPHQL"),
        ("realtime_url", "appsync_graphql_api", "api", "uris.REALTIME"),
    ],
)
def test_an_output_is_the_attribute_of_its_resource(
    stacks: dict[str, StackJson], output: str, type_: str, noun: str, attribute: str
) -> None:
    local = stacks["local"]

    assert local.document["output"][output]["value"] == local.reference(local.named(type_, noun), attribute)


def test_the_functions_are_given_by_use_case(stack: StackJson) -> None:
    functions = stack.document["output"]["functions"]["value"]

    assert {use_case: name_of(stack.referred(name)) for use_case, name in functions.items()} == {
        use_case: f"{stack.name}-{noun(use_case)}" for use_case in FUNCTIONS
    }


def test_region_and_state_machine_are_this_environments(stack: StackJson) -> None:
    output = stack.document["output"]
    provider = stack.document["provider"]["aws"][0]

    assert output["region"]["value"] == provider["region"]
    assert output["state_machine_arn"]["value"] == ":".join(
        [
            *("arn:aws:states", provider["region"], provider["allowed_account_ids"][0], "stateMachine"),
            name_of(stack.only("sfn_state_machine")),
        ]
    )
