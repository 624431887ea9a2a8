"""A function's code reads exactly the variables that the stack gives it."""

import ast
import json
import os
import subprocess
import sys
from typing import Any

import orders.config
import pytest

from deployment.repository_paths import ROOT
from environments.names import FUNCTIONS as USE_CASES
from environments.order_rules import PAYMENT_GATEWAYS
from environments.settings import Settings
from tests.synth.support.stack_json import Resource, StackJson, name_of
from tests.synth.support.watched_metrics import watched

SOURCES = ROOT / "lambda_src"
# Variables that Powertools reads, or that the common code of all functions reads.
KNOWN = {"POWERTOOLS_SERVICE_NAME", "POWERTOOLS_LOG_LEVEL", "POWERTOOLS_METRICS_NAMESPACE", "ENVIRONMENT"}
MEASURED = [
    ("orders-given-up", "sweep"),
    ("orders-taken-up", "sweep"),
    ("late-orders", "sweep"),
    ("failed-announcements", "announce"),
    ("failed-payments", "charge_payment"),
]
COUNT = "import sys; from orders.metrics import count_events; count_events(sys.argv[1])"


# For every other variable the value 1 is allowed.
ALLOWED = {"LIVE_UPDATES": "true", "PAYMENT_GATEWAY": "simulated"}


class Asked(dict[str, str]):
    """An environment that has every variable, and records the names that were read."""

    def get(self, name: str, _default: Any = None) -> Any:
        return self.setdefault(name, ALLOWED.get(name, "1"))


def variables(stack: StackJson, use_case: str) -> dict[str, str]:
    found: dict[str, str] = stack.named("lambda_function", use_case.replace("_", "-"))["environment"]["variables"]
    return found


def config_of(use_case: str) -> Any:
    return getattr(orders.config, "".join(part.title() for part in use_case.split("_")) + "Config")


@pytest.mark.parametrize("use_case", USE_CASES)
def test_the_handler_is_a_function_of_its_file(stack: StackJson, use_case: str) -> None:
    path = stack.named("lambda_function", use_case.replace("_", "-"))["handler"]

    module, _, function = path.rpartition(".")

    source = SOURCES.joinpath(*module.split(".")).with_suffix(".py").read_text(encoding="utf-8")
    assert module == f"orders.handlers.{use_case}"
    assert function in {node.name for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)}


def test_every_handler_file_has_a_function(dev: StackJson) -> None:
    files = {path.stem for path in (SOURCES / "orders" / "handlers").glob("*.py")} - {"__init__"}

    assert files == {one["handler"].split(".")[2] for one in dev.all("lambda_function")} == set(USE_CASES)


@pytest.mark.parametrize("use_case", USE_CASES)
def test_a_function_is_given_exactly_what_its_configuration_reads(stack: StackJson, use_case: str) -> None:
    asked = Asked()

    config_of(use_case).read(asked)

    assert variables(stack, use_case).keys() == asked.keys() | KNOWN


@pytest.mark.parametrize("use_case", USE_CASES)
def test_a_function_can_read_the_values_it_is_given(stack: StackJson, use_case: str) -> None:
    given = variables(stack, use_case)

    config_of(use_case).read(given)

    assert given["POWERTOOLS_SERVICE_NAME"] == use_case


def test_the_payment_gateways_of_the_settings_are_those_of_the_functions(stack: StackJson, settings: Settings) -> None:
    given = {variables(stack, use_case)["PAYMENT_GATEWAY"] for use_case in ("charge_payment", "sweep")}

    assert given == {settings.payment_gateway}
    assert set(PAYMENT_GATEWAYS) == {str(name) for name in orders.config.PaymentGatewayName}


def test_the_variables_refer_to_the_resources_they_are_named_after(stack: StackJson) -> None:
    provider = stack.document["provider"]["aws"][0]
    place = f"{provider['region']}:{provider['allowed_account_ids'][0]}"
    payments = stack.reference(stack.named("dynamodb_table", "payments"), "name")
    (index,) = stack.named("dynamodb_table", "orders")["global_secondary_index"]
    (undelivered,) = (bucket["bucket"] for bucket in stack.all("s3_bucket"))

    sweep = variables(stack, "sweep")

    assert variables(stack, "charge_payment")["PAYMENTS_TABLE"] == sweep["PAYMENTS_TABLE"] == payments
    assert sweep["ORDERS_TABLE"] == stack.reference(stack.named("dynamodb_table", "orders"), "name")
    assert sweep["OPEN_ORDERS_INDEX"] == index["name"]
    assert sweep["QUEUE_URL"] == stack.reference(stack.named("sqs_queue", "placed"), "url")
    machine = f"arn:aws:states:{place}:stateMachine:{stack.only('sfn_state_machine')['name']}"
    topic = f"arn:aws:sns:{place}:{stack.named('sns_topic', 'announcements')['name']}"
    assert variables(stack, "start_workflow")["STATE_MACHINE_ARN"] == machine
    assert variables(stack, "announce")["TOPIC_ARN"] == topic
    assert variables(stack, "announce")["UNDELIVERED_BUCKET"] == undelivered
    delayed = stack.reference(stack.named("dynamodb_table", "delayed"), "name")
    assert variables(stack, "announce")["DELAYED_TABLE"] == delayed
    assert variables(stack, "announce")["GRAPHQL_URL"] == stack.document["output"]["graphql_url"]["value"]


def handlers_text(use_case: str) -> str:
    """Return the source of a handler, with that of the module that announces for it."""
    files = [f"handlers/{use_case}.py", *(["announcer.py"] if use_case == "announce" else [])]
    return "".join((SOURCES / "orders" / file).read_text(encoding="utf-8") for file in files)


@pytest.mark.parametrize(("noun", "use_case"), MEASURED)
def test_an_alarm_watches_the_metric_that_its_handler_writes(dev: StackJson, noun: str, use_case: str) -> None:
    (own,) = set(watched(dev.named("cloudwatch_metric_alarm", noun)))
    handler = handlers_text(use_case)
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(SOURCES), **variables(dev, use_case)}

    command = [sys.executable, "-c", COUNT, own.name]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)

    written = json.loads(done.stdout)
    (metric,) = written["_aws"]["CloudWatchMetrics"]
    (dimensions,) = metric["Dimensions"]
    assert f'count_events("{own.name}"' in handler
    assert own.namespace == metric["Namespace"]
    assert dict(own.dimensions) == {name: written[name] for name in dimensions}
    assert dict(own.dimensions)["environment"] == "dev"


def test_every_alarm_of_the_systems_own_metrics_names_its_environment(stack: StackJson) -> None:
    alarms = {name_of(one): watched(one) for one in stack.all("cloudwatch_metric_alarm")}

    own = {name: metrics for name, metrics in alarms.items() if not metrics[0].namespace.startswith("AWS/")}

    assert own.keys() == {f"{stack.name}-{noun}" for noun, _ in MEASURED}
    for metrics in own.values():
        assert {dict(metric.dimensions)["environment"] for metric in metrics} == {stack.environment}


def test_no_two_alarms_watch_the_same_even_where_environments_share_an_account(stacks: dict[str, StackJson]) -> None:
    def seen(stack: StackJson, alarm: Resource) -> str:
        place = stack.document["provider"]["aws"][0]
        text = f"{sorted(map(str, {*watched(alarm)}))} {alarm.get('extended_statistic')}"
        # A reference means another resource in each stack.
        text = text.replace("${", f"${{{stack.name}.")
        return text.replace(place["allowed_account_ids"][0], "ACCOUNT").replace(place["region"], "REGION")

    every = [seen(stack, one) for stack in stacks.values() for one in stack.all("cloudwatch_metric_alarm")]

    assert sorted(every) == sorted(set(every))
