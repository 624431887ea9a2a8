"""The state machine that Terraform gets. tests/unit/workflow tests its definition."""

import json
import re
from pathlib import Path

from environments.settings import Settings
from tests.synth.support.permission_table import statements
from tests.synth.support.stack_json import StackJson, name_of
from tests.synth.support.synth_run import synthesize


def test_the_type_is_part_of_the_name(stack: StackJson) -> None:
    machine = stack.only("sfn_state_machine")

    assert machine["type"] == "EXPRESS"
    assert name_of(machine) == f"{stack.name}-order-express"


def test_executions_are_traced_and_logged_as_the_settings_say(stack: StackJson, settings: Settings) -> None:
    machine = stack.only("sfn_state_machine")

    group = stack.referred(machine["logging_configuration"]["log_destination"].removesuffix(":*"))
    assert machine["tracing_configuration"] == {"enabled": settings.tracing}
    assert machine["logging_configuration"]["level"] == settings.workflow_log_level
    assert group["name"] == f"/aws/vendedlogs/states/{stack.name}-order"


def test_the_machine_may_do_all_that_the_guide_asks_for_to_deliver_logs(stack: StackJson) -> None:
    machine = stack.only("sfn_state_machine")
    role = stack.referred(machine["role_arn"])
    group = f":log-group:/aws/vendedlogs/states/{stack.name}-order:*"

    may = {
        (action, resource)
        for one in stack.all("iam_role_policy")
        if stack.referred(one["role"]) is role
        for statement in statements(one["policy"])
        for action in statement["Action"]
        for resource in statement["Resource"]
        if action.startswith("logs:")
    }

    assert {action for action, resource in may if resource == "*"} == {
        *("logs:CreateLogDelivery", "logs:GetLogDelivery", "logs:UpdateLogDelivery", "logs:DeleteLogDelivery"),
        *(
            "logs:ListLogDeliveries",
            "logs:PutResourcePolicy",
            "logs:DescribeResourcePolicies",
            "logs:DescribeLogGroups",
        ),
    }
    assert {action for action, resource in may if resource.endswith(group)} == {
        *("logs:CreateLogStream", "logs:PutLogEvents")
    }


def test_the_definition_names_this_stacks_table_and_function_and_no_other_template(stack: StackJson) -> None:
    definition = stack.only("sfn_state_machine")["definition"]

    templates = set(re.findall(r"(?<!\$)\$\{[^}]*\}|(?<!%)%\{[^}]*\}", definition))

    assert json.loads(definition)["QueryLanguage"] == "JSONata"
    assert re.findall(r"\{\{\w*\}\}", definition) == []
    assert templates == {
        stack.reference(stack.named("dynamodb_table", "orders"), "name"),
        stack.reference(stack.named("lambda_function", "charge-payment"), "arn"),
    }


def test_the_machine_waits_for_its_permissions(stack: StackJson) -> None:
    machine = stack.only("sfn_state_machine")
    granted = {
        name_of(policy)
        for policy in stack.all("iam_role_policy")
        if stack.referred(policy["role"]) is stack.named("iam_role", "order")
    }

    before = {name_of(stack.referred(f"${{{name}.id}}")) for name in machine["depends_on"]}

    own = {"deliver-logs", "write-logs", "trace", "use-orders", "invoke-charge-payment"}
    charging = {
        name_of(policy)
        for policy in stack.all("iam_role_policy")
        if stack.referred(policy["role"]) is stack.named("iam_role", "charge-payment") and "-orders" in policy["policy"]
    }
    assert granted - {"use-data-key-via-dynamodb"} == own
    assert "use-orders" in charging
    assert before == granted | charging & {"use-orders"}


def test_a_standard_machine_is_another_machine_for_everybody(checkout: Path, tmp_path: Path, dev: StackJson) -> None:
    file = checkout / "environments.toml"
    text = file.read_text(encoding="utf-8").replace("[dev]", '[dev]\nworkflow_type = "STANDARD"')
    file.write_text(text, encoding="utf-8")

    done = synthesize(checkout, tmp_path / "cdktf.out")

    assert done.exit_code == 0, done.printed
    standard = done.stacks()["orders-dev"]
    assert standard.only("sfn_state_machine")["type"] == "STANDARD"
    assert name_of(standard.only("sfn_state_machine")) == "orders-dev-order-standard"
    assert "order-express" not in json.dumps(standard.document)
    assert json.dumps(standard.document).count("order-standard") == json.dumps(dev.document).count("order-express") > 3
