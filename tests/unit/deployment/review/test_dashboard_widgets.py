"""The dashboard as a picture: titles, metrics and thresholds at CloudWatch's positions."""

import json
from typing import Any
from xml.etree import ElementTree

from deployment.review.dashboard_svg import COLUMN, ROW, dashboard_svg
from deployment.review.dashboard_widgets import read_widgets
from deployment.review.synthesized_stack import SynthesizedStack
from tests.unit.support.review_documents import resource, stack

SVG = "{http://www.w3.org/2000/svg}"
SEARCH = """SEARCH('{Orders,service,environment,currency} MetricName="Revenue" service="announce"', 'Sum', 300)"""


def with_dashboard(*found: dict[str, Any]) -> SynthesizedStack:
    body = json.dumps({"widgets": list(found)})
    return stack(resource("cloudwatch_dashboard", "dashboard", dashboard_name="d", dashboard_body=body))


def widget(type_: str, *, x: int = 0, y: int = 0, **properties: Any) -> dict[str, Any]:
    return {"type": type_, "x": x, "y": y, "width": 8, "height": 6, "properties": properties}


def graph(*metrics: list[Any], **properties: Any) -> dict[str, Any]:
    return widget("metric", title="Errors", metrics=list(metrics), **properties)


def metric(name: str, **options: Any) -> list[Any]:
    return ["AWS/Lambda", name, "FunctionName", "f", {"stat": "Sum", **options}]


def texts(*found: dict[str, Any]) -> list[ElementTree.Element]:
    drawing = dashboard_svg(read_widgets(with_dashboard(*found)), title="Dashboard: dev")
    return list(ElementTree.fromstring(drawing).iter(f"{SVG}text"))  # noqa: S314  # of this test


def test_a_graph_shows_its_lines_and_its_thresholds_from_the_highest_on() -> None:
    lines = [{"value": 5, "label": "above 5"}, {"value": 50, "label": "above 50"}]
    errors = metric("Errors", id="m1", label="announce")

    found = texts(graph(errors, yAxis={"left": {"label": "ms"}}, annotations={"horizontal": lines}))

    assert [text.text for text in found] == ["Errors (ms)", "above 50", "above 5", "announce: AWS/Lambda Errors Sum"]
    assert [int(text.attrib["y"]) for text in found] == sorted(int(text.attrib["y"]) for text in found)


def test_a_formula_names_the_metrics_that_it_is_made_of_and_those_have_no_line() -> None:
    hidden = [metric("Errors", id="m1", visible=False), metric("Invocations", id="m2", visible=False)]
    some = {"id": "f1", "label": "share", "expression": "100 * m1 / (m1 + m1)"}
    every = {"id": "f1", "label": "all", "expression": "SUM(METRICS())"}
    sought = {"id": "f1", "label": "", "expression": SEARCH}

    found = [[text.text for text in texts(graph(*hidden, [one]))][1:] for one in (some, every, sought)]

    assert found == [
        ["share: AWS/Lambda Errors"],
        ["all: AWS/Lambda Errors, AWS/Lambda Invocations"],
        ["one for each currency: Orders Revenue Sum"],
    ]


def test_alarms_go_by_their_nouns_and_a_heading_is_text() -> None:
    arns = [f"arn:aws:cloudwatch:eu-central-1:1:alarm:orders-dev-{noun}" for noun in ("late-orders", "dead-letters")]

    found = texts(widget("alarm", title="Alarms", alarms=arns), widget("text", y=6, markdown="## Do <orders> flow?"))

    assert [text.text for text in found] == ["Alarms", "late-orders", "dead-letters", "Do <orders> flow?"]


def test_everything_stands_where_cloudwatch_puts_it_and_fits() -> None:
    lines = [{"value": value, "label": f"above {value}"} for value in range(3)]
    metrics = [metric("Errors", id=f"m{n}", label="announce") for n in range(4)]

    found = texts(widget("metric", x=8, y=12, title="Errors", metrics=metrics, annotations={"horizontal": lines}))

    assert {8 * COLUMN < int(text.attrib["x"]) < 16 * COLUMN for text in found} == {True}
    assert {12 * ROW < int(text.attrib["y"]) < 18 * ROW for text in found} == {True}


def test_a_stack_without_a_dashboard_has_no_picture() -> None:
    assert read_widgets(stack(resource("sqs_queue", "placed", name="orders-dev-placed"))) == []
