"""Converts a resolver's ES module into a function's body, as the embedded engine runs scripts."""

from dataclasses import dataclass

from emulator.appsync.javascript.language_subset import NotInAppSync, check_subset
from emulator.appsync.javascript.tokens import JavaScriptSyntaxError, JavaScriptToken, line_of, tokenize

_MODULE = "@aws-appsync/utils"
_MODULE_EXPORTS = ("util", "runtime", "extensions")
_DECLARATIONS = ("function", "const", "let", "var")


@dataclass
class _Edit:
    start: int
    end: int
    text: str


def to_function_body(source: str) -> str:
    """Return a function body that returns the module's exports; line numbers stay the same.

    `import { util as u } from '@aws-appsync/utils'` becomes a declaration. Other modules are
    refused by name. Raises JavaScriptSyntaxError or NotInAppSync.
    """
    tokens = list(tokenize(source))
    check_subset(source, tokens)
    return _Module(source, tokens).rewrite()


class _Module:
    def __init__(self, source: str, tokens: list[JavaScriptToken]) -> None:
        self._source = source
        self._tokens = tokens
        self._edits: list[_Edit] = []
        self._exports: dict[str, str] = {}

    def rewrite(self) -> str:
        index, depth = 0, 0
        while index < len(self._tokens):
            token = self._tokens[index]
            if token.text in ("import", "export") and token.kind == "word" and not self._is_name(index):
                if depth or self._text(index + 1) in ("(", "."):
                    raise self._refusal(token, f"`{token.text}` here")
                index = self._import(index) if token.text == "import" else self._export(index)
                continue
            depth += _nesting(token)
            index += 1
        exports = ", ".join(f"{name}: {local}" for name, local in self._exports.items())
        return f'"use strict";{self._edited()}\n;return {{ {exports} }};'

    def _import(self, start: int) -> int:
        """Replace an import statement by declarations; return the index after it."""
        index, names, whole = start + 1, dict[str, str](), False
        while (token := self._token(index)).kind != "string":
            if token.text == "{":
                names, index = self._names(index)
            elif token.kind == "word" or token.text in ("*", ","):
                whole = whole or token.text not in ("from", ",")
                index += 1
            else:
                raise self._syntax_error(token)
        if token.text[1:-1] != _MODULE:
            raise self._refusal(token, f"the module {token.text[1:-1]}")
        if whole:
            raise self._refusal(token, f"the import of {_MODULE} as a whole, import names in braces")
        for name in names.values():
            if name not in _MODULE_EXPORTS:
                raise self._refusal(token, f"{name} of {_MODULE}")
        declarations = "".join(f"const {local} = {name};" for local, name in names.items() if local != name)
        return self._replace(start, index, declarations)

    def _export(self, start: int) -> int:
        """Remove the word `export` and record the name; return the index of the declaration."""
        token = self._token(start + 1)
        if token.text == "{":
            names, after = self._names(start + 1)
            if self._text(after) == "from":
                raise self._refusal(token, "exports from another module")
            self._exports.update(names)
            return self._replace(start, after - 1, "")
        if token.text not in _DECLARATIONS:
            raise self._refusal(token, f"`export {token.text}`")
        name = self._token(start + 2)
        if name.kind != "word":
            raise self._refusal(name, "exports by destructuring")
        self._exports[name.text] = name.text
        self._edits.append(_Edit(self._tokens[start].start, self._tokens[start].end, ""))
        return start + 1

    def _names(self, start: int) -> tuple[dict[str, str], int]:
        """Read `{ a, b as c }`; return a map from `c` to `b`, and the index after it."""
        names: dict[str, str] = {}
        index = start + 1
        while self._text(index) != "}":
            name = alias = self._token(index)
            if self._text(index + 1) == "as":
                alias, index = self._token(index + 2), index + 2
            if name.kind != "word" or alias.kind != "word":
                raise self._syntax_error(name)
            names[alias.text] = name.text
            index += 2 if self._text(index + 1) == "," else 1
        return names, index + 1

    def _replace(self, first: int, last: int, text: str) -> int:
        if self._text(last + 1) == ";":
            last += 1
        start, end = self._tokens[first].start, self._tokens[last].end
        self._edits.append(_Edit(start, end, text + "\n" * self._source.count("\n", start, end)))
        return last + 1

    def _edited(self) -> str:
        pieces, position = [], 0
        for edit in self._edits:
            pieces += [self._source[position : edit.start], edit.text]
            position = edit.end
        return "".join([*pieces, self._source[position:]])

    def _is_name(self, index: int) -> bool:
        """Return True if the word names a property, as in `ctx.import` or `{ export: 1 }`."""
        return self._text(index - 1) in (".", "?.") or self._text(index + 1) == ":"

    def _token(self, index: int) -> JavaScriptToken:
        if index >= len(self._tokens):
            raise JavaScriptSyntaxError("unexpected end of the code")
        return self._tokens[index]

    def _text(self, index: int) -> str:
        return self._tokens[index].text if 0 <= index < len(self._tokens) else ""

    def _refusal(self, token: JavaScriptToken, what: str) -> NotInAppSync:
        return NotInAppSync(f"line {line_of(self._source, token.start)}: the local AppSync doesn't support {what}")

    def _syntax_error(self, token: JavaScriptToken) -> JavaScriptSyntaxError:
        return JavaScriptSyntaxError(f"line {line_of(self._source, token.start)}: unexpected {token.text}")


def _nesting(token: JavaScriptToken) -> int:
    if token.kind == "template":
        return token.text.endswith("${") - token.text.startswith("}")
    return {"{": 1, "(": 1, "[": 1, "}": -1, ")": -1, "]": -1}.get(token.text, 0) if token.kind == "punctuator" else 0
