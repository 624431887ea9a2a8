"""A report has everything except personal data, and fails when it should."""

import pytest

from deployment.escaped_text import is_unsafe_to_show
from verify.verification_report import AnsweredQuestion, QuestionAnswer, Verdict, VerificationReport, VerificationStep


def report(**others: object) -> VerificationReport:
    return VerificationReport("dev", "2026-11-29T06:00:00Z", "an operator", **others)  # type: ignore[arg-type]


def answered(verdict: Verdict) -> AnsweredQuestion:
    return AnsweredQuestion("some-id", "something is so", "that it is", QuestionAnswer("it | was\nso", verdict))


@pytest.mark.parametrize(
    ("found", "code"),
    [
        (report(), 0),
        (report(answers=[answered(one) for one in Verdict if one is not Verdict.BROKEN]), 0),
        (report(answers=[answered(Verdict.BROKEN)]), 1),
        (report(failure="list: no"), 1),
        (report(left=["rows, as was meant"]), 0),
        (report(left=["rows"], is_clean=False), 1),
    ],
    ids=["works", "works as not expected", "broken", "failed", "left on purpose", "left behind"],
)
def test_it_fails_where_the_story_the_code_or_the_cleaning_does(found: VerificationReport, code: int) -> None:
    assert found.exit_code == code


def test_what_a_terminal_would_obey_is_shown_everywhere() -> None:
    hostile = "\x1b[31mred \u202eevil\r\n\x9b2J"
    answer = AnsweredQuestion(hostile, hostile, hostile, QuestionAnswer(hostile, Verdict.OTHER))
    steps = [VerificationStep(hostile, hostile, 1)]

    found = report(failure=f"confirm: {hostile}", answers=[answer], steps=steps, left=[hostile])

    assert found.conclusion == "dev doesn't work: confirm: \\x1b[31mred \\u202eevil \\x9b2J"
    assert not [one for one in found.markdown().replace("\n", "") if is_unsafe_to_show(one)]


def test_the_conclusion_counts_the_verdicts() -> None:
    found = report(answers=[answered(Verdict.OTHER), answered(Verdict.EXPECTED), answered(Verdict.EXPECTED)])

    assert found.conclusion == ("dev works, from sign-up to PAID; 2 × as expected; 1 × not as expected; the code works")
    assert report(failure="list: no").conclusion == "dev doesn't work: list: no"


def test_a_cell_is_one_line_and_no_cell_breaks_the_table() -> None:
    page = report(answers=[answered(Verdict.OTHER)]).markdown()

    row = "| `some-id` | something is so | that it is | it \\| was so | not as expected; the code works |"
    assert row in page.splitlines()


def test_no_text_of_an_account_is_html_or_markdown() -> None:
    hostile = "</table><h3>works</h3> `code` **bold** [link](x) ~~no~~ \\"
    answer = AnsweredQuestion("some-id", "so", "so", QuestionAnswer(hostile, Verdict.OTHER))

    page = report(
        failure=hostile, answers=[answer], steps=[VerificationStep("list", hostile, 1)], left=[hostile]
    ).markdown()

    shown = r"&lt;/table&gt;&lt;h3&gt;works&lt;/h3&gt; \`code\` \*\*bold\*\* \[link\](x) \~\~no\~\~ \\"
    assert page.count(shown) == 5
    assert "<h3>" not in page
    assert "`code`" not in page


def test_a_failure_is_in_the_story_and_says_that_nothing_was_asked() -> None:
    page = report(steps=[VerificationStep("sign up", "done", 0.26)], failure="confirm: no").markdown()

    assert "| sign up | done | 0.3 s |\n| **failed** | confirm: no |  |" in page
    assert "Nothing was asked, because the story didn't come to its end." in page


def test_what_must_not_be_told_is_left_out_in_any_encoding() -> None:
    token = "eyJraWQiOiJ" * 12
    found = report(failure=f"no answer for me@example.com with {token}", secrets=["me@example.com"])

    for said in (found.conclusion, found.markdown()):
        assert "no answer for (left out) with (left out)" in said
        assert "example.com" not in said
        assert "eyJ" not in said


def test_what_can_not_be_asked_is_there_with_its_reason() -> None:
    page = report(unaskable={"other-id": "nobody can tell"}).markdown()

    assert "- `other-id`: nobody can tell" in page
