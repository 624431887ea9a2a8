"""Terraform's progress, read from the lines that it and cdktf print."""

import pytest

from deployment.terraform_progress import TerraformProgress

BY_CDKTF = """\
orders-local  Initializing the backend...
orders-local  Initializing provider plugins...
              - Finding hashicorp/aws versions matching "5.100.0"...
              Terraform has been successfully initialized!
web-local  Initializing the backend...
web-local  Initializing provider plugins...
orders-local  # aws_sqs_queue.placed_495C13F1 (placed/Resource) will be created
                + name = "x: Creating..."
              Plan: 3 to add, 1 to change, 0 to destroy.
orders-local  aws_sqs_queue.placed_495C13F1 (placed/Resource): Creating...
              aws_sqs_queue.mailbox_45539644 (mailbox/DeadLetters): Creating...
orders-local  aws_iam_role.api_LogRole_4C559A70 (api/LogRole/Resource): Modifying... [id=orders-local-api-logs]
              aws_s3_bucket.b_1 (b/Resource): Creating...
orders-local  aws_sqs_queue.placed_495C13F1 (placed/Resource): Still creating... [10s elapsed]
              aws_iam_role.api_LogRole_4C559A70 (api/LogRole/Resource): Modifications complete after 0s [id=x: y]
orders-local  aws_s3_bucket.b_1 (b/Resource): Creation complete after 1s [id=b]
              aws_sqs_queue.mailbox_45539644 (mailbox/DeadLetters): Creation complete after 26s [id=http://x]
              aws_sqs_queue.placed_495C13F1 (placed/Resource): Creation complete after 1m2s [id=http://x]
              Apply complete! Resources: 3 added, 1 changed, 0 destroyed.
web-local  Plan: 1 to add, 0 to change, 0 to destroy.
web-local  aws_s3_object.c_1 (c): Creating...
""".splitlines()


def said_after(lines: list[str], progress: TerraformProgress) -> list[str]:
    """Return the progress after each line, without repeats."""
    said = [progress()]
    for line in lines:
        progress.read(line)
        if progress() != said[-1]:
            said.append(progress())
    return said


def test_each_stack_is_told_by_what_is_made_of_how_many_and_what_is_waited_for() -> None:
    said = said_after(BY_CDKTF, TerraformProgress("Deploying", "both"))

    assert said == [
        "Deploying both",
        "Deploying orders-local: reading the state",
        "Deploying orders-local: loading the provider",
        "Deploying orders-local: planning",
        "Deploying web-local: reading the state",
        "Deploying web-local: loading the provider",
        "Deploying orders-local: planning",
        "Deploying orders-local: 0 of 4",
        "Deploying orders-local: 0 of 4, waiting for sqs_queue placed",
        "Deploying orders-local: 0 of 4, waiting for sqs_queue placed, sqs_queue mailbox/DeadLetters",
        "Deploying orders-local: 0 of 4, waiting for sqs_queue placed, sqs_queue mailbox/DeadLetters and 1 more",
        "Deploying orders-local: 0 of 4, waiting for sqs_queue placed, sqs_queue mailbox/DeadLetters and 2 more",
        "Deploying orders-local: 1 of 4, waiting for sqs_queue placed, sqs_queue mailbox/DeadLetters and 1 more",
        "Deploying orders-local: 2 of 4, waiting for sqs_queue placed, sqs_queue mailbox/DeadLetters",
        "Deploying orders-local: 3 of 4, waiting for sqs_queue placed",
        "Deploying orders-local: 4 of 4",
        "Deploying web-local: 0 of 1",
        "Deploying web-local: 0 of 1, waiting for s3_object c",
    ]


def test_a_removal_and_a_replacement_count_too() -> None:
    lines = [
        "web-dev  Plan: 1 to add, 0 to change, 2 to destroy.",
        "web-dev  aws_s3_bucket.b_1 (b/Resource): Destroying... [id=b]",
        "web-dev  aws_s3_bucket.b_1 (b/Resource): Still destroying... [id=b, 10s elapsed]",
        "web-dev  aws_s3_bucket.b_1 (b/Resource): Destruction complete after 12s",
        "web-dev  aws_s3_bucket.b_1 (b/Resource) (deposed object 8ca5): Destroying... [id=b]",
    ]

    said = said_after(lines, TerraformProgress("Destroying", "web-dev"))

    assert said == [
        "Destroying web-dev",
        "Destroying web-dev: 0 of 3",
        "Destroying web-dev: 0 of 3, waiting for s3_bucket b",
        "Destroying web-dev: 1 of 3",
        "Destroying web-dev: 1 of 3, waiting for s3_bucket b",
    ]


@pytest.mark.parametrize(
    ("resource", "label"),
    [
        ("aws_sqs_queue.placed_495C13F1", "sqs_queue placed"),
        ('module.a.aws_sqs_queue.placed["x: y"]', 'module.a.aws_sqs_queue.placed["x: y"]'),
        ("terraform_data.slow", "terraform_data slow"),
    ],
)
def test_terraforms_own_lines_are_read_as_well(resource: str, label: str) -> None:
    progress = TerraformProgress("Deploying", "state-dev")

    said = said_after(["Plan: 1 to add, 0 to change, 0 to destroy.", f"{resource}: Creating..."], progress)

    assert said[-1] == f"Deploying state-dev: 0 of 1, waiting for {label}"


def test_of_a_finished_plan_the_count_is_known_before() -> None:
    progress = TerraformProgress("Deploying", "web-dev", count=2)

    said = said_after(["aws_s3_bucket.a: Creating...", "aws_s3_bucket.a: Creation complete after 1s"], progress)

    assert said == [
        "Deploying web-dev: 0 of 2",
        "Deploying web-dev: 0 of 2, waiting for s3_bucket a",
        "Deploying web-dev: 1 of 2",
    ]


def test_nothing_to_change_is_said() -> None:
    progress = TerraformProgress("Deploying", "web-dev")

    said = said_after(["web-dev  No changes. Your infrastructure matches the configuration."], progress)

    assert said[-1] == "Deploying web-dev: nothing to change"
