"""Placeholders become values, and Terraform's template marks are escaped."""

import json

import pytest

from stacks.synth.rendering import RenderingError, render_code, render_definition


@pytest.mark.parametrize(
    ("code", "rendered"),
    [
        ("const URL = '{{url}}';", "const URL = 'https://queue';"),
        ("const URL = '{{url}}/{{url}}';", "const URL = 'https://queue/https://queue';"),
        ("const WINDOW = '{{window}}';", "const WINDOW = 30;"),
        ('const WINDOW = "{{window}}";', "const WINDOW = 30;"),
        ("const TEXT = '{{window}} seconds';", "const TEXT = '30 seconds';"),
        ("const ODD = '{{window}}\";", "const ODD = '30\";"),
        ("const PLAIN = { a: { b: 1 } };", "const PLAIN = { a: { b: 1 } };"),
    ],
)
def test_a_placeholder_becomes_its_value(code: str, rendered: str) -> None:
    assert render_code(code, {"url": "https://queue", "window": 30}) == rendered


@pytest.mark.parametrize(
    ("code", "escaped"),
    [
        ("`order ${id}`", "`order $${id}`"),
        ("`%{id}`", "`%%{id}`"),
        ("`${a ?? `${b}`}`", "`$${a ?? `$${b}`}`"),
        ("{% $states.input %}", "{% $states.input %}"),
        ("100 % { a }", "100 % { a }"),
    ],
)
def test_terraforms_template_marks_are_escaped(code: str, escaped: str) -> None:
    assert render_code(code, {}) == escaped


def test_a_token_that_comes_with_a_value_stays_terraforms() -> None:
    rendered = render_code("`${id}` + '{{url}}'", {"url": "${aws_sqs_queue.placed.url}"})

    assert rendered == "`$${id}` + '${aws_sqs_queue.placed.url}'"


@pytest.mark.parametrize("code", ["'{{nothing}}'", "'a {{nothing}}'"])
def test_a_placeholder_without_a_value_is_refused(code: str) -> None:
    with pytest.raises(RenderingError) as error:
        render_code(code, {"window": 30, "url": "u"})

    assert str(error.value) == "no value for the placeholder {{nothing}}; values are url, window"


def test_a_definition_is_rendered_as_json() -> None:
    rendered = render_definition(
        '{"TimeoutSeconds": "{{seconds}}", "Table": "{{table}}"}', {"seconds": 5, "table": "t"}
    )

    assert json.loads(rendered) == {"TimeoutSeconds": 5, "Table": "t"}


def test_a_value_that_no_placeholder_asks_for_is_refused() -> None:
    with pytest.raises(RenderingError) as error:
        render_definition('{"A": "{{a}}", "B": "{{b}}"}', {"a": 1, "b": 2, "c": 3})

    assert str(error.value) == "no placeholder {{c}} in the definition; it has a, b"


def test_a_value_that_breaks_the_definition_is_refused() -> None:
    with pytest.raises(json.JSONDecodeError):
        render_definition('{"A": "{{a}}"}', {"a": 'a "quoted" name'})
