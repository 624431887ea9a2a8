"""Patterns of service models, matched as Java does."""

import pytest

from emulator.ministack.guard.java_patterns import matches

NAME = r"[\p{L}\p{M}\p{S}\p{N}\p{P}]+"


@pytest.mark.parametrize(
    "text", ["anna", "anna@example.com", "Zoë", "アンナ", "a\N{COMBINING ACUTE ACCENT}", "№1", "«a»", "5€", "~^`|$+<=>"]
)
def test_a_name_is_of_letters_marks_symbols_numbers_and_punctuation(text: str) -> None:
    assert matches(text, NAME)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a b",
        "a\n",
        "\na",
        "a\x00",
        "a\x1b[31m",
        "a\x7f",
        "a\x85",
        "a\u00a0",
        "a\u200b",
        "a\u202eb",
        "a\u2028",
        "\ud800",
    ],
)
def test_a_name_has_no_control_format_or_white_characters(text: str) -> None:
    assert not matches(text, NAME)


@pytest.mark.parametrize(
    ("text", "pattern", "expected"),
    [
        ("aé", r"[\w+]+", False),
        ("²", "[0-9]+", False),
        ("a\u00a0b", r"[\S]+", True),
        ("a b", r"[\S]+", False),
        ("a\nb", "(?s).*", True),
        ("a\nb", ".*", False),
        ("aé", r"[^_\p{Z}][\p{L}]", True),
        ("a\n", r"^[\w\- ]+$", False),
    ],
)
def test_other_classes_are_those_of_ascii(text: str, pattern: str, expected: bool) -> None:
    assert matches(text, pattern) is expected
