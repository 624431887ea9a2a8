"""The dashboard shows the alarms' metrics with their thresholds, and only written metrics."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from environments.names import ALARMS, FUNCTIONS
from environments.settings import Settings, settings_of
from stacks.orders.monitoring.monitoring_table import sections
from tests.synth.support.alarm_table import MONITORED
from tests.synth.support.stack_json import Resource, StackJson, name_of
from tests.synth.support.synth_run import synthesize
from tests.synth.support.watched_metrics import ANY, Watched, shown, watched, widgets
from tests.synth.test_function_contract import SOURCES, variables

# Ends an order in each way, as the handler does.
END = """
from orders.domain.row import order_from_row
from orders.announcer import count_outcome
from tests.support.order_rows import order_row
for changes in ({"status": "PAID"}, {"status": "CANCELLED"}, {"status": "FAILED"},
                {"status": "FAILED", "failure_reason": "CARD_DECLINED"}):
    count_outcome(order_from_row(order_row(**changes)))
"""


def test_it_answers_four_questions_below_the_states_of_all_alarms(stack: StackJson, settings: Settings) -> None:
    found = sorted((widget["y"], widget["properties"]["markdown"]) for widget in widgets(stack, "text"))
    (alarms,) = widgets(stack, "alarm")

    names = [arn.rpartition(":")[2] for arn in alarms["properties"]["alarms"]]

    questions = ["Do orders flow?", "Where do they wait?", "What fails?", "What does it cost?"]
    assert [markdown.removeprefix("## ") for _, markdown in found] == questions
    assert (alarms["x"], alarms["y"]) == (0, 0)
    assert names == [settings.name(alarm) for alarm in ALARMS]
    # The widget's limit.
    assert len(names) <= 100


def test_each_alarm_is_drawn_with_its_metrics_its_period_and_its_threshold(stack: StackJson) -> None:
    graphs = widgets(stack, "metric")

    for alarm in stack.all("cloudwatch_metric_alarm"):
        drawn = [graph for graph in graphs if is_drawn(alarm, graph)]
        assert len(drawn) == 1, name_of(alarm)


def is_drawn(alarm: Resource, graph: dict[str, Any]) -> bool:
    """Return True if the graph shows the alarm's metrics and its threshold."""
    lines = graph["properties"].get("annotations", {}).get("horizontal", [])
    fill = "below" if alarm["comparison_operator"] == "LessThanThreshold" else "above"
    if (alarm["threshold"], fill) not in {(line["value"], line["fill"]) for line in lines}:
        return False
    queries = [query["metric"] for query in alarm.get("metric_query", []) if "metric" in query] or [alarm]
    wanted = {
        (metric, one.get("stat") or one.get("statistic") or one.get("extended_statistic"), one["period"])
        for metric, one in zip(watched(alarm), queries, strict=True)
    }
    there = {
        (metric, options["stat"], options["period"])
        for metric, (*named, options) in zip(shown(graph), graph["properties"]["metrics"], strict=False)
        if named
    }
    expressions = {query["expression"] for query in alarm.get("metric_query", []) if "expression" in query}
    return wanted <= there and expressions <= {
        options.get("expression") for *_, options in graph["properties"]["metrics"]
    }


def test_a_threshold_that_is_changed_is_changed_in_both(checkout: Path, tmp_path: Path) -> None:
    file = checkout / "environments.toml"
    file.write_text(file.read_text(encoding="utf-8") + "alarm_api_errors = 77\nworkflow_type = 'STANDARD'\n")

    done = synthesize(checkout, tmp_path / "cdktf.out")

    assert done.exit_code == 0, done.printed
    stack = done.stacks()["orders-prod"]
    alarm = stack.named("cloudwatch_metric_alarm", "api-errors")
    metrics = {metric for graph in widgets(stack, "metric") for metric in shown(graph)}
    assert alarm["threshold"] == 77
    assert [True for graph in widgets(stack, "metric") if is_drawn(alarm, graph)] == [True]
    # A STANDARD workflow is billed by its transitions (Step Functions guide, "Service Metrics").
    dimensions = [dict(metric.dimensions).keys() for metric in metrics if metric.name == "ConsumedCapacity"]
    assert sorted(map(sorted, dimensions)) == [["ServiceMetric"], ["ServiceMetric", "StateMachineArn"]]
    assert not [metric for metric in metrics if metric.name.startswith("ExpressExecution")]


def test_no_widget_lies_on_another_or_beyond_the_grid(stack: StackJson) -> None:
    every = [widget for type_ in ("alarm", "text", "metric") for widget in widgets(stack, type_)]

    cells = [
        (x, y)
        for one in every
        for x in range(one["x"], one["x"] + one["width"])
        for y in range(one["y"], one["y"] + one["height"])
    ]

    assert len(cells) == len(set(cells))
    assert {x for x, _ in cells} == set(range(24))
    # The dashboard's limit.
    assert len(every) <= 500


def test_each_line_of_a_graph_has_an_id_of_its_own_and_formulas_name_those(stack: StackJson) -> None:
    for graph in widgets(stack, "metric"):
        options = [metric[-1] for metric in graph["properties"]["metrics"]]
        ids = [one["id"] for one in options]
        assert len(ids) == len(set(ids)), graph["properties"]["title"]
        for one in options:
            if "METRICS()" in one.get("expression", ""):
                assert len([other for other in options if "expression" in other]) == 1
                assert all(other.get("visible") is False for other in options if other is not one)


def test_a_formula_is_made_of_the_hidden_metrics_before_it(stack: StackJson) -> None:
    formulas = 0
    for graph in widgets(stack, "metric"):
        hidden: list[str] = []
        for *_, options in graph["properties"]["metrics"]:
            if options.get("visible") is False:
                hidden.append(options["id"])
            named = sorted(set(re.findall(r"\bm\d+\b", options.get("expression", ""))))
            if named:
                formulas += 1
                assert named == hidden, graph["properties"]["title"]
                hidden = []
    assert formulas >= 4


def test_what_announce_counts_of_ends_is_what_the_dashboard_shows(dev: StackJson) -> None:
    root = str(SOURCES.parent)
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": f"{SOURCES}{os.pathsep}{root}",
        **variables(dev, "announce"),
    }

    done = subprocess.run(
        [sys.executable, "-c", END], env=environment, capture_output=True, text=True, check=True, cwd=root
    )

    written = {metric for line in done.stdout.splitlines() for metric in written_by(json.loads(line))}
    of_alarms = {metric for alarm in dev.all("cloudwatch_metric_alarm") for metric in watched(alarm)}
    own = {metric for graph in widgets(dev, "metric") for metric in shown(graph) if metric.namespace == "Orders"}
    # test_function_contract.py compares the alarms' metrics to their handlers.
    assert own - of_alarms == written
    assert len(written) == 6


def written_by(line: dict[str, Any]) -> set[Watched]:
    (directive,) = line["_aws"]["CloudWatchMetrics"]
    (names,) = directive["Dimensions"]
    dimensions = tuple(sorted((name, ANY if name == "currency" else line[name]) for name in names))
    return {Watched(directive["Namespace"], metric["Name"], dimensions) for metric in directive["Metrics"]}


def test_what_the_dashboard_shows_is_there(stack: StackJson, settings: Settings) -> None:
    api = stack.reference(stack.only("appsync_graphql_api"), "id")
    names = {
        "FunctionName": {name_of(one) for one in stack.all("lambda_function")},
        "GraphQLAPIId": {api},
        "LogGroupName": {name_of(one) for one in stack.all("cloudwatch_log_group")},
        "QueueName": {name_of(one) for one in stack.all("sqs_queue")},
        "TableName": {name_of(one) for one in stack.all("dynamodb_table")},
        "TopicName": {name_of(one) for one in stack.all("sns_topic")},
        "environment": {stack.environment},
        "service": set(FUNCTIONS),
    }

    values = {pair for graph in widgets(stack, "metric") for metric in shown(graph) for pair in metric.dimensions}

    assert {(name, value) for name, value in values if name in names and value not in names[name]} == set()
    regions = {graph["properties"]["region"] for graph in widgets(stack, "metric")}
    assert regions == {settings.region}


def test_the_gigabytes_are_those_of_the_functions(stack: StackJson) -> None:
    (formula,) = (
        metric[-1]["expression"]
        for graph in widgets(stack, "metric")
        if graph["properties"]["title"] == "GB-seconds of functions"
        for metric in graph["properties"]["metrics"]
        if len(metric) == 1
    )

    (memory,) = {function["memory_size"] for function in stack.all("lambda_function")}

    assert formula == f"SUM(FILL(METRICS(), 0)) / 1000 * {memory} / 1024"


def test_no_alarm_of_the_table_is_without_a_chart() -> None:
    drawn = [
        alarm.noun
        for section in sections(settings_of("prod"), MONITORED)
        for chart in section.charts
        for alarm in chart.alarms
    ]

    assert sorted(drawn) == sorted(set(ALARMS) - {"orders-are-not-flowing"})
