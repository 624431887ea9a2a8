"""The embedded APPSYNC_JS: util, runtime, limits, and no state between two requests."""

import base64
import re
import threading
from typing import Any

import pytest

from emulator.appsync.javascript import CODE, NOT_SUPPORTED, NULL, Engine, Evaluation

ENGINE = Engine()


def run(expression: str, **context: Any) -> Evaluation:
    """Evaluate an expression as the body of a request handler."""
    code = (
        "import { util, runtime, extensions } from '@aws-appsync/utils';\n"
        f"export function request(ctx) {{ return {expression} }}"
    )
    return ENGINE.evaluate(code, "request", context)


def value(expression: str, **context: Any) -> Any:
    evaluation = run(expression, **context)
    assert evaluation.error is None, evaluation
    return evaluation.result


def test_a_handler_sees_its_context_under_both_names_of_the_arguments() -> None:
    assert value("[ctx.args.a, ctx.arguments.a, ctx.stash, ctx.missing === undefined]", args={"a": 1}) == [
        1,
        1,
        {},
        True,
    ]


def test_values_become_dynamodb_types() -> None:
    assert value("util.dynamodb.toMapValues(ctx.args)", args={"s": "a", "n": 1.5, "b": True, "x": None}) == {
        "s": {"S": "a"},
        "n": {"N": 1.5},
        "b": {"BOOL": True},
        "x": {"NULL": None},
    }
    assert value("util.dynamodb.toDynamoDB([1, {a: ['b']}])") == {
        "L": [{"N": 1}, {"M": {"a": {"L": [{"S": "b"}]}}}],
    }


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("util.dynamodb.toString('a')", {"S": "a"}),
        ("util.dynamodb.toNumber(1)", {"N": 1}),
        ("util.dynamodb.toBoolean(false)", {"BOOL": False}),
        ("util.dynamodb.toStringSet(['a'])", {"SS": ["a"]}),
        ("util.dynamodb.toNumberSet([1])", {"NS": [1]}),
        ("util.dynamodb.toList([1])", {"L": [{"N": 1}]}),
        ("util.dynamodb.toMap({a: 1})", {"M": {"a": {"N": 1}}}),
        ("util.dynamodb.toNull()", {"NULL": None}),
        ("util.dynamodb.toString(null)", None),
        ("util.matches('^pm_[a-z]+$', 'pm_card')", True),
        ("util.matches('^a$', 'b')", False),
        ("util.urlEncode('a b&ü*~')", "a+b%26%C3%BC*%7E"),
        ("util.urlDecode('a+b%26')", "a b&"),
        ("util.escapeJavaScript('a\"b\\n')", 'a\\"b\\n'),
        ("util.time.epochMilliSecondsToISO8601(0)", "1970-01-01T00:00:00.000Z"),
        ("util.time.parseISO8601ToEpochMilliSeconds('1970-01-01T00:00:01.500Z')", 1500),
        ("util.time.epochMilliSecondsToSeconds(1999)", 1),
        ("util.math.roundNum(1.6)", 2),
        ("util.str.normalize('e\\u0301', 'nfc')", "é"),
        ("util.authType()", "User Pool Authorization"),
        ("Object.hasOwn({a: 1}, 'a')", True),
        ("[Math.max(1, 2), Math.floor(1.5), Number.isNaN(NaN), Math.random() < 1]", [2, 1, True, True]),
        ("JSON.parse('{\"a\": [1]}')", {"a": [1]}),
        ("[JSON.parse('{'), JSON.parse('')]", ["", ""]),
        ("[2, 1].sort()", [1, 2]),
    ],
)
def test_util_works_as_appsyncs_does(expression: str, expected: Any) -> None:
    assert value(expression) == expected


@pytest.mark.parametrize("text", ["", "a", "ab", "abc", "abcd", "é€𝒳"])
def test_base64_of_any_text_and_back(text: str) -> None:
    encoded, decoded = value(
        "[util.base64Encode(ctx.args.t), util.base64Decode(util.base64Encode(ctx.args.t))]", args={"t": text}
    )

    assert encoded == base64.b64encode(text.encode()).decode()
    assert decoded == text


def test_ids_have_their_shapes_and_differ_between_engines() -> None:
    ids = [Engine().evaluate(AUTO, "request", {}).result for _ in range(20)]

    assert all(
        re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", uuid) for uuid, _ in ids
    )
    assert all(re.fullmatch(r"[0-7][0-9A-HJKMNP-TV-Z]{25}", ulid) for _, ulid in ids)
    assert len({uuid for uuid, _ in ids}) == len({ulid[10:] for _, ulid in ids}) == 20


AUTO = "export function request() { return [util.autoId(), util.autoUlid()] }"


def test_util_error_ends_the_handler_with_all_it_was_given() -> None:
    error = run("util.error('no', 'NotHere', {a: 1}, {b: 2})").error

    assert error is not None
    assert (error.message, error.error_type, error.data, error.error_info) == ("no", "NotHere", {"a": 1}, {"b": 2})


def test_util_append_error_goes_on() -> None:
    evaluation = run("(util.appendError('careful', 'Soft'), 'value')")

    assert evaluation.result == "value"
    assert [(error.message, error.error_type) for error in evaluation.appended] == [("careful", "Soft")]


def test_an_early_return_is_told_from_a_result() -> None:
    evaluation = run("runtime.earlyReturn({a: 1}, {skipTo: 'END'})")

    assert (evaluation.result, evaluation.early_return, evaluation.skip_to) == ({"a": 1}, True, "END")
    assert value("({a: 1})") == {"a": 1}


def test_the_stash_comes_back_changed() -> None:
    code = "export function request(ctx) { ctx.stash.b = 2; return null }"

    assert ENGINE.evaluate(code, "request", {"stash": {"a": 1}}).stash == {"a": 1, "b": 2}


@pytest.mark.parametrize("stash", ["undefined", "null", "''", "[]"])
def test_a_stash_that_holds_nothing_is_empty(stash: str) -> None:
    assert ENGINE.evaluate(f"export function request(ctx) {{ ctx.stash = {stash} }}", "request", {}).stash == {}


def test_what_a_handler_returned_can_be_passed_on_unread() -> None:
    passed = ENGINE.evaluate("export function request() { return { text: 'a\\nb' } }", "request", {}).value

    assert value("[ctx.result.text, ctx.prev]", result=passed, prev=NULL) == ["a\nb", None]


@pytest.mark.parametrize("expression", ["undefined", "null", "NaN", "() => 1"])
def test_what_json_has_no_value_for_is_null(expression: str) -> None:
    assert run(f"({expression})").value == NULL


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("util.toJson({})", "AppSync has no util.toJson"),
        ("util.validate(true, 'x')", "AppSync has no util.validate"),
        ("util.autoKsuid()", "the local AppSync doesn't support util.autoKsuid"),
        ("util.time.nowFormatted('yyyy')", "the local AppSync doesn't support util.time.nowFormatted"),
        ("util.xml.toMap('<a/>')", "the local AppSync doesn't support util.xml.toMap"),
        ("util.matches('(?i)a', 'A')", "the local AppSync doesn't support (?i) in util.matches"),
        (
            "extensions.setSubscriptionFilter({})",
            "the local AppSync takes a subscription's filter from a response handler only",
        ),
        ("runtime.stop()", "AppSync has no runtime.stop"),
        ("console.warn('x')", "AppSync has no console.warn"),
        ("util.error(25)", "the local AppSync takes a text as an error's message, got number"),
        ("util.error('no', 25)", "the local AppSync takes a text as an error's type, got number"),
        ("util.appendError({})", "the local AppSync takes a text as an error's message, got object"),
        ("[1].includes(1)", "line 2: APPSYNC_JS doesn't support the method includes"),
        ("'a'?.padStart(2)", "line 2: APPSYNC_JS doesn't support the method padStart"),
        ("[1].sort((a, b) => a - b)", "line 2: APPSYNC_JS doesn't support arguments of sort"),
    ],
)
def test_what_is_not_there_is_refused_by_name(expression: str, message: str) -> None:
    error = run(expression).error

    assert error is not None
    assert (error.error_type, error.message) == (NOT_SUPPORTED, message)


@pytest.mark.parametrize(
    "expression",
    [
        "new Promise()",
        "Date.now()",
        "new Date()",
        "new Map()",
        "new Set()",
        "parseInt('1')",
        "parseFloat('1')",
        "isNaN(1)",
        "encodeURIComponent('a')",
        "Boolean(1)",
        "Math.sqrt(4)",
        "eval('1')",
        "globalThis.x",
        "(() => 1).constructor('return 1')()",
        "new RegExp('a')",
        "setTimeout(1)",
    ],
)
def test_what_appsync_does_not_have_is_not_there(expression: str) -> None:
    assert run(expression).error_type == CODE


def test_a_failing_handler_is_a_runtime_error_whose_detail_is_for_the_log() -> None:
    evaluation = run("ctx.args.a.b", args={})

    assert evaluation.error is not None
    assert (evaluation.error.message, evaluation.error.error_type) == ("Runtime Error", CODE)
    assert "cannot read property 'b' of undefined" in evaluation.detail


@pytest.mark.parametrize(
    "code", ["export function request( {", "export function request(ctx) { return `${ctx` }", "let a = 'x"]
)
def test_code_that_is_no_javascript_is_a_runtime_error(code: str) -> None:
    assert ENGINE.evaluate(code, "request", {}).error_type == CODE


def test_a_handler_that_is_not_exported_is_an_error() -> None:
    evaluation = ENGINE.evaluate("function request() { return 1 }", "request", {})

    assert evaluation.error is not None
    assert evaluation.error.message == "The code exports no function named request"


def test_nothing_is_remembered_from_one_call_to_the_next() -> None:
    code = "let calls = 0;\nconst seen = [];\nexport function request() { calls += 1; seen.push(calls); return seen }"

    assert [ENGINE.evaluate(code, "request", {}).result for _ in range(2)] == [[1], [1]]


@pytest.mark.parametrize(
    "change", ["Object.prototype.x = 1", "Array.prototype.map = 1", "JSON.parse = 1", "undeclared = 1", "util.x = 1"]
)
def test_nothing_that_calls_share_can_be_changed(change: str) -> None:
    assert run(f"({change})").error_type in (CODE, NOT_SUPPORTED)
    assert value("[1].map((x) => x + JSON.parse('1'))") == [2]


def test_a_handler_that_does_not_end_is_stopped() -> None:
    engine = Engine(time_limit_seconds=0.05)
    loops = "".join(f"for (const x{depth} of ten) " for depth in range(12))

    evaluation = engine.evaluate(
        f"const ten = [0,1,2,3,4,5,6,7,8,9];\nexport function request() {{ let n = 0; {loops} n += 1 }}", "request", {}
    )

    assert evaluation.error_type == CODE
    assert "interrupted" in evaluation.detail
    assert engine.evaluate("export function request() { return 1 }", "request", {}).result == 1


def test_a_value_that_takes_too_much_memory_is_stopped() -> None:
    engine = Engine(memory_limit_bytes=4 * 1024 * 1024)
    doubling = f"let text = 'x'; for (const n of {list(range(40))}) text = text + text; return text.length"

    evaluation = engine.evaluate(f"export function request() {{ {doubling} }}", "request", {})

    assert evaluation.error_type == CODE
    assert "out of memory" in evaluation.detail
    assert engine.evaluate("export function request() { return 1 }", "request", {}).result == 1


def test_filling_memory_little_by_little_meets_the_limit_on_time_first() -> None:
    code = "export function request() { const n = ['x']; for (const x of n) n.push(x + n.length) }"

    evaluation = Engine().evaluate(code, "request", {})

    assert "interrupted" in evaluation.detail


def test_one_engine_serves_many_threads() -> None:
    results: list[Any] = []

    def work() -> None:
        results.extend(value("ctx.args.n * 2", args={"n": number}) for number in range(50))

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(results) == sorted(number * 2 for number in range(50) for _ in range(8))
