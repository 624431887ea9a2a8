"""Fills placeholders in resolver code and workflow definitions, and escapes Terraform's marks."""

import json
import re
from typing import Any

PLACEHOLDER = re.compile(r"\{\{(\w+)\}\}")
WHOLE = re.compile(r"""(['"])\{\{(\w+)\}\}\1""")

Values = dict[str, str | int]


class RenderingError(Exception):
    """A placeholder has no value, or a value has no placeholder."""


def render_code(text: str, values: Values) -> str:
    """Replace each `{{name}}` by its value.

    A string that consists of a number's placeholder only becomes a number.
    """
    escaped = _escape(text)
    numbers = WHOLE.sub(lambda match: _number(match, values), escaped)
    return PLACEHOLDER.sub(lambda match: str(_value(match[1], values)), numbers)


def render_definition(text: str, values: Values) -> str:
    """Render a JSON document and check that the result is JSON; every value needs a placeholder."""
    asked = set(PLACEHOLDER.findall(text))
    for name in values.keys() - asked:
        raise RenderingError(f"no placeholder {{{{{name}}}}} in the definition; it has {', '.join(sorted(asked))}")
    rendered = render_code(text, values)
    json.loads(rendered)
    return rendered


def _escape(text: str) -> str:
    return text.replace("${", "$${").replace("%{", "%%{")


def _number(match: re.Match[str], values: Values) -> str:
    value: Any = _value(match[2], values)
    return str(value) if isinstance(value, int) else match[0]


def _value(name: str, values: Values) -> str | int:
    if name not in values:
        raise RenderingError(
            f"no value for the placeholder {{{{{name}}}}}; values are {', '.join(sorted(values)) or 'none'}"
        )
    return values[name]
