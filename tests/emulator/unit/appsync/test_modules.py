"""Conversion of a resolver's ES module to a script, and the syntax that it refuses."""

import pytest

from emulator.appsync.javascript import NOT_SUPPORTED, Engine

ENGINE = Engine()


@pytest.mark.parametrize(
    "code",
    [
        "export function request(ctx) { return 1 }",
        "export const request = (ctx) => 1;",
        "const request = () => 1\nexport { request }",
        "const a = () => 1, b = () => 2;\nexport { a as request, b as response };",
        "import { util } from '@aws-appsync/utils'\nexport function request() { return util.math.minVal(1, 2) }",
        'import { util as u } from "@aws-appsync/utils";\nexport const request = () => u.math.minVal(1, 2)',
        "import {\n  util,\n  runtime as r\n} from '@aws-appsync/utils'\nexport const request = () => r.earlyReturn(1)",
        "import '@aws-appsync/utils'; export function request() { return 1 }",
        "/* import { x } from 'y' */ // export default\nexport function request() { return 1 }",
        "const text = \"export default { import } from 'x'\";\nexport function request() { return text && 1 }",
        "const o = { import: 1, export: 2, in: 3, this: 4 };\nexport function request() { return o.import * o.in / 3 }",
        "export function request() { return `${`${`${1}`}`}` === '1' ? 1 : { a: `}` } }",
        "export function request() { let n = 0; for (const k in { a: 1 }) { n += k === 'a' ? 1 : 0 } return n }",
        "export function request() { let n = 0; for (const k of [(2 - 1)]) { n += k; } return n }",
        "export function request() { const a = 4, g = 2; return a / g / 2 }",
    ],
)
def test_modules_that_appsync_takes(code: str) -> None:
    evaluation = ENGINE.evaluate(code, "request", {})

    assert evaluation.error is None, evaluation
    assert evaluation.result == 1


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("import { get } from '@aws-appsync/utils/dynamodb';", "the module @aws-appsync/utils/dynamodb"),
        ("import * as ddb from '@aws-appsync/utils/dynamodb';", "the module @aws-appsync/utils/dynamodb"),
        ("import fs from 'fs';", "the module fs"),
        ("import * as all from '@aws-appsync/utils';", "the import of @aws-appsync/utils as a whole"),
        ("import { other } from '@aws-appsync/utils';", "other of @aws-appsync/utils"),
        ("export default {}", "`export default`"),
        ("export * from 'x'", "`export *`"),
        ("export { a } from 'x'", "exports from another module"),
        ("const x = () => import('x')", "`import` here"),
        ("try { a() } catch (e) { }", "try/catch"),
        ("const f = async () => 1", "async functions"),
        ("while (true) { }", "while loops"),
        ("for (let i = 0; i < 1; i += 1) { }", "for loops other than for-in and for-of"),
        ("let i = 0; i++", "the operator ++"),
        ("const x = ~1", "the operator ~"),
        ("const x = 'a' in {}", "the operator in"),
        ("const x = /a/.test('a')", "regular expression literals"),
        ("class A { }", "`class`"),
        ("throw 1", "`throw`"),
        ("function* g() { }", "generators"),
        ("for (const x of [1]) { if (x) continue }", "`continue`"),
    ],
)
def test_what_appsync_refuses_is_refused_with_its_line(code: str, message: str) -> None:
    evaluation = ENGINE.evaluate(f"\n{code}\nexport function request() {{ }}", "request", {})

    assert evaluation.error is not None
    assert evaluation.error.error_type == NOT_SUPPORTED
    assert evaluation.error.message.startswith("line 2: ")
    assert message in evaluation.error.message


def test_lines_of_a_failure_are_those_of_the_code() -> None:
    code = "import {\n  util,\n} from '@aws-appsync/utils';\nexport function request(ctx) {\n  return ctx.a.b;\n}"

    assert "request (<input>:5)" in ENGINE.evaluate(code, "request", {}).detail
