"""The language subset of the APPSYNC_JS runtime 1.0.0: code outside it is refused, as on AWS.

Source: AppSync developer guide, "Supported runtime features", and AWS's own ESLint plugin.
"""

from collections.abc import Sequence

from emulator.appsync.javascript.tokens import JavaScriptToken, line_of

_WORDS = {
    **dict.fromkeys(("async", "await"), "async functions"),
    **dict.fromkeys(("try", "catch", "finally"), "try/catch"),
    **dict.fromkeys(("while", "do"), "while loops"),
    **{word: f"`{word}`" for word in ("throw", "continue", "class", "yield", "this", "instanceof", "with", "debugger")},
}
_OPERATORS = frozenset({"++", "--", "~"})
# Methods of texts, numbers and lists that the guide's list leaves out. Those that share a name with one that AppSync
# has (`Object.keys`, `util.dynamodb.toString`) can't be told apart here; AWS's ESLint plugin knows the types.
_METHODS = frozenset(
    {
        *("at", "charCodeAt", "codePointAt", "includes", "localeCompare", "match", "matchAll", "normalize", "padEnd"),
        *("padStart", "repeat", "search", "substr", "substring", "toLocaleLowerCase", "toLocaleUpperCase"),
        *("copyWithin", "toLocaleString", "toExponential", "toFixed", "toPrecision"),
    }
)
_ELSEWHERE = {"normalize": "str"}  # util.str.normalize


class NotInAppSync(Exception):
    """The code uses a feature that APPSYNC_JS, or this emulator, lacks."""


def check_subset(source: str, tokens: Sequence[JavaScriptToken]) -> None:
    """Raise NotInAppSync, with the line, for syntax that APPSYNC_JS doesn't support."""
    headers: list[int] = []  # depth of the parenthesis of each open `for (`
    depth = 0
    for index, token in enumerate(tokens):
        before = tokens[index - 1].text if index else ""
        after = tokens[index + 1].text if index + 1 < len(tokens) else ""
        if token.text == "(":
            depth += 1
            if before == "for":
                headers.append(depth)
        elif token.text == ")":
            if headers and headers[-1] == depth:
                headers.pop()
            depth -= 1
        in_header = bool(headers) and headers[-1] == depth
        what = _unsupported(token, before, after, in_for_header=in_header) or _unknown_call(tokens, index)
        if what:
            raise NotInAppSync(f"line {line_of(source, token.start)}: APPSYNC_JS doesn't support {what}")


def _unknown_call(tokens: Sequence[JavaScriptToken], index: int) -> str | None:
    """Return the name of a called method that isn't in the guide's list."""
    owner, dot, name, opening, argument = (
        tokens[at].text if 0 <= at < len(tokens) else "" for at in range(index - 2, index + 3)
    )
    if dot not in (".", "?.") or opening != "(":
        return None
    if name == "sort" and argument != ")":
        return "arguments of sort"
    return f"the method {name}" if name in _METHODS and owner != _ELSEWHERE.get(name) else None


def _unsupported(token: JavaScriptToken, before: str, after: str, *, in_for_header: bool) -> str | None:
    if token.kind == "regex":
        return "regular expression literals, use util.matches"
    if token.kind == "punctuator":
        if token.text == ";" and in_for_header:
            return "for loops other than for-in and for-of"
        if token.text == "*" and before == "function":
            return "generators"
        return f"the operator {token.text}" if token.text in _OPERATORS else None
    if token.kind != "word" or before in (".", "?.") or after == ":":
        return None
    if token.text == "in" and not in_for_header:
        return "the operator in, use Object.hasOwn"
    return _WORDS.get(token.text)
