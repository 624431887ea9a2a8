"""Splits JavaScript into tokens, as far as imports, exports and refused features need it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_SPACE = re.compile(r"(?:\s|//[^\n]*|/\*.*?\*/)+", re.DOTALL)
_WORD = re.compile(r"[A-Za-z_$][\w$]*")
_NUMBER = re.compile(r"(?:0[xXbBoO][\da-fA-F_]+|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d+)?)n?")
_STRING = re.compile(r"'(?:[^'\\\n]|\\.)*'|\"(?:[^\"\\\n]|\\.)*\"", re.DOTALL)
_TEMPLATE_TEXT = re.compile(r"(?:[^`\\$]|\\.|\$(?!\{))*", re.DOTALL)
_PUNCTUATOR = re.compile(
    r">>>=|\.\.\.|===|!==|\*\*=|<<=|>>=|>>>|&&=|\|\|=|\?\?=|=>|==|!=|<=|>=|&&|\|\||\?\?|\?\.|\+\+|--"
    r"|\+=|-=|\*=|/=|%=|&=|\|=|\^=|<<|>>|\*\*|[{}()\[\];,<>+\-*/%&|^!~?:=.#@]"
)
_BEFORE_REGEX = frozenset({"return", "typeof", "case", "in", "of", "delete", "void", "else", "do", "new"})


class JavaScriptSyntaxError(Exception):
    """The code can't be read as JavaScript."""


@dataclass(frozen=True, slots=True)
class JavaScriptToken:
    """A piece of code; a template literal has one before and one after each of its expressions."""

    kind: str  # word, number, string, template, regex or punctuator
    text: str
    start: int
    end: int


def tokenize(source: str) -> Iterator[JavaScriptToken]:
    """Yield the tokens of the source without spaces and comments; raises JavaScriptSyntaxError."""
    position, previous, is_property = 0, None, False
    templates: list[int] = []  # for each open `${`, the number of `{` open inside it
    while True:
        if space := _SPACE.match(source, position):
            position = space.end()
        if position >= len(source):
            if templates:
                raise JavaScriptSyntaxError("a template literal isn't closed")
            return
        if source[position] == "`" or (source[position] == "}" and templates and templates[-1] == 0):
            if source[position] == "}":
                templates.pop()
            token, opened = _template(source, position)
            if opened:
                templates.append(0)
        else:
            token = _plain(source, position, previous, is_property=is_property)
            if templates and token.text in ("{", "}"):
                templates[-1] += 1 if token.text == "{" else -1
        yield token
        is_property = previous is not None and previous.text in (".", "?.")
        position, previous = token.end, token


def line_of(source: str, position: int) -> int:
    """Return the line number of a position, from 1."""
    return source.count("\n", 0, position) + 1


def _template(source: str, start: int) -> tuple[JavaScriptToken, bool]:
    """Read a piece of a template literal; the flag is True if an expression follows it."""
    text = _TEMPLATE_TEXT.match(source, start + 1)
    assert text is not None
    if source.startswith("${", text.end()):
        return JavaScriptToken("template", source[start : text.end() + 2], start, text.end() + 2), True
    if source.startswith("`", text.end()):
        return JavaScriptToken("template", source[start : text.end() + 1], start, text.end() + 1), False
    raise JavaScriptSyntaxError(f"line {line_of(source, start)}: a template literal isn't closed")


def _plain(source: str, position: int, previous: JavaScriptToken | None, *, is_property: bool) -> JavaScriptToken:
    character = source[position]
    if character == "/" and not is_property and _starts_regex(previous):
        return JavaScriptToken("regex", "/", position, position + 1)
    for kind, pattern in (("word", _WORD), ("number", _NUMBER), ("string", _STRING), ("punctuator", _PUNCTUATOR)):
        if match := pattern.match(source, position):
            return JavaScriptToken(kind, match.group(), position, match.end())
    raise JavaScriptSyntaxError(f"line {line_of(source, position)}: unexpected {character!r}")


def _starts_regex(previous: JavaScriptToken | None) -> bool:
    if previous is None:
        return True
    if previous.kind == "word":
        return previous.text in _BEFORE_REGEX
    if previous.kind == "template":
        return previous.text.endswith("${")
    return previous.kind == "punctuator" and previous.text not in (")", "]", "}")
