"""JSON from outside: texts that are read, and texts that are refused."""

import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emulator.untrusted_json import NESTING_MAX, NotJson, parse, parse_object
from tests.support.malformed_json import NO_OBJECTS, NOT_JSON

FINITE = st.floats(allow_nan=False, allow_infinity=False)
SCALARS = st.none() | st.booleans() | st.integers(-(10**300), 10**300) | FINITE | st.text()
VALUES = st.recursive(SCALARS, lambda part: st.lists(part) | st.dictionaries(st.text(), part), max_leaves=10)
BRACKETS = st.text(alphabet='[]{}",:\\a1 \ud800')


@settings(max_examples=50)
@given(VALUES)
def test_what_json_can_say_is_read(value: Any) -> None:
    for text in (json.dumps(value), json.dumps(value, ensure_ascii=False)):
        assert parse(text) == value
        assert parse(text.encode()) == value


@pytest.mark.parametrize("text", NOT_JSON.values(), ids=NOT_JSON.keys())
def test_what_cannot_be_read_is_one_error(text: bytes) -> None:
    for given_as in (text, text.decode("utf-8", "surrogateescape")):
        with pytest.raises(NotJson):
            parse(given_as)


@given(BRACKETS | st.binary())
def test_nothing_is_another_error(text: str | bytes) -> None:
    try:
        parse(text)
    except NotJson:
        return
    json.loads(text)


@pytest.mark.parametrize("text", NO_OBJECTS.values(), ids=NO_OBJECTS.keys())
def test_an_object_is_nothing_else(text: bytes) -> None:
    with pytest.raises(NotJson, match="an object is wanted"):
        parse_object(text)


@pytest.mark.parametrize("string", ["]", "]]", '\\"]', "\\n]", "]\\\\"])
def test_brackets_in_strings_hide_no_nesting(string: str) -> None:
    text = f'["{string}",' * (NESTING_MAX + 1) + '""' + "]" * (NESTING_MAX + 1)

    with pytest.raises(NotJson, match="nested deeper than 128 levels"):
        parse(text)


@pytest.mark.parametrize("string", ["[", '\\"[', "[\\\\"])
def test_brackets_in_strings_are_no_nesting(string: str) -> None:
    texts = [string] * (NESTING_MAX + 1)

    assert len(parse(f"[{','.join(f'{chr(34)}{text}{chr(34)}' for text in texts)}]")) == len(texts)


@pytest.mark.parametrize("levels", [NESTING_MAX, NESTING_MAX + 1])
def test_nesting_has_a_limit(levels: int) -> None:
    text = '{"a":' * (levels - 1) + "[]" + "}" * (levels - 1)

    if levels > NESTING_MAX:
        with pytest.raises(NotJson, match="nested deeper than 128 levels"):
            parse(text)
    else:
        assert parse(text)


def test_brackets_in_a_text_do_not_nest() -> None:
    text = "[" * 1_000 + '"{\\'

    assert parse(json.dumps([text, text])) == [text, text]


def test_what_is_wide_is_not_deep() -> None:
    assert len(parse("[" + ",".join(["[]"] * 1_000) + "]")) == 1_000


def test_a_pair_of_halves_is_a_character() -> None:
    assert parse(rb'"\ud83d\ude00"') == "\N{GRINNING FACE}"


@pytest.mark.parametrize("value", [[[]] * 100, [{}] * 100, [1] * 101, dict.fromkeys(map(str, range(101)))])
def test_values_are_counted_before_they_are_made(value: Any) -> None:
    with pytest.raises(NotJson, match="more than 100 values"):
        parse(json.dumps(value), values_max=100)


@pytest.mark.parametrize("value", [["[{,\\" * 100], {",": 1}, [1] * 100, {"a": [1] * 98}])
def test_what_stands_in_a_string_is_no_value(value: Any) -> None:
    assert parse(json.dumps(value), values_max=100) == value


def test_a_long_text_is_read_in_few_passes() -> None:
    def seconds(read: Callable[[bytes], object]) -> float:
        times = []
        for _ in range(3):
            began = time.thread_time()
            read(text)
            times.append(time.thread_time() - began)
        return min(times)

    text = json.dumps({"a": "x" * 4_000_000}).encode()

    assert seconds(lambda given: parse(given, values_max=100)) < 8 * seconds(json.loads)  # it was 45 times
