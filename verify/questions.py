"""The open questions of docs/parity.md: where sources on AWS disagree or are silent, an account is asked."""

from collections.abc import Callable
from dataclasses import dataclass

from verify import account_questions, api_questions, user_pool_questions
from verify.question_context import QuestionContext
from verify.verification_report import AnsweredQuestion, QuestionAnswer, Verdict


@dataclass(frozen=True, kw_only=True)
class Question:
    """A row of docs/parity.md, and how it is asked; a test holds that its texts are the row's."""

    id: str
    behaviour: str
    expected: str
    ask: Callable[[QuestionContext], QuestionAnswer]
    # Whether it reads what an operator may read; then a run with public APIs alone doesn't ask it.
    reads_account: bool = False


QUESTIONS = (
    Question(
        id="failed-condition-row",
        behaviour="After a write whose condition failed, `ctx.result` has the row beside `ctx.error`",
        expected="an order that can't be cancelled is refused with the right reason, whether the row is there or not",
        ask=api_questions.failed_conditions,
    ),
    Question(
        id="unset-subscription-variable",
        behaviour="A subscription's argument whose variable isn't given filters nothing",
        expected="such a subscriber hears of every order",
        ask=api_questions.unset_subscription_variable,
    ),
    Question(
        id="skipped-subscription-field",
        behaviour="A subscription whose field is skipped by a directive is refused",
        expected="nobody subscribes to another's orders by leaving out the field whose resolver refuses that",
        ask=api_questions.skipped_subscription_field,
    ),
    Question(
        id="unset-query-variable",
        behaviour="An argument whose variable isn't given arrives in `ctx.args` as null, not as missing",
        expected="orders are listed, whether null or nothing arrives",
        ask=api_questions.unset_query_variables,
    ),
    Question(
        id="events-after-start-ack",
        behaviour="A subscriber hears everything that is published after its `start_ack`",
        expected="PAYING and PAID of an order that is placed at once",
        ask=api_questions.events_after_start_ack,
    ),
    Question(
        id="depth-limit-of-introspection",
        behaviour="A depth limit doesn't count the fields of an introspection",
        expected="the whole schema, where introspection is on",
        ask=api_questions.introspection,
    ),
    Question(
        id="validation-messages",
        behaviour="The wording of a query's validation errors",
        expected="graphql-core's words; no code reads them",
        ask=api_questions.validation_messages,
    ),
    Question(
        id="query-tokens",
        behaviour="AppSync takes a query of any number of tokens below its limit on size",
        expected="2,100 tokens are taken",
        ask=api_questions.many_tokens,
    ),
    Question(
        id="code-for-no-account",
        behaviour="`ResendConfirmationCode` for an address without an account answers as if a code was sent",
        expected="an answer with a place that the code was sent to",
        ask=user_pool_questions.code_for_no_account,
    ),
    Question(
        id="boundary-without-kms",
        behaviour="A role whose boundary names no key reads and writes a table under the AWS managed key",
        expected="orders get PAID where the roles have a boundary",
        ask=account_questions.boundary,
    ),
    Question(
        id="signed-caller-without-permission",
        behaviour=(
            "A signed call of a field that its policy doesn't allow is refused as a whole,"
            " with status 401 and `UnauthorizedException`"
        ),
        expected="status 401, `UnauthorizedException`",
        ask=account_questions.signed_caller,
    ),
    Question(
        id="github-ref-claim",
        behaviour="IAM supplies `token.actions.githubusercontent.com:ref` to a role's trust",
        expected="a job on main assumes the role that deploys",
        ask=account_questions.github_role,
    ),
    Question(
        id="log-role-source-account",
        behaviour="AppSync takes its log role although the role trusts it for one account only (`aws:SourceAccount`)",
        expected="refused requests are in the API's log",
        ask=account_questions.api_log,
        reads_account=True,
    ),
    Question(
        id="query-in-api-log",
        behaviour="With `excludeVerboseContent` the API's log has no text of a query, and no variables",
        expected="the query that placed the order isn't in the API's log",
        ask=account_questions.query_in_log,
        reads_account=True,
    ),
    Question(
        id="workflow-log-streams",
        behaviour="Step Functions delivers logs with `logs:CreateLogDelivery` and its like alone",
        expected="the order is in the workflow's log; the role has all rights that a source names",
        ask=account_questions.workflow_log,
        reads_account=True,
    ),
)

# The other open rows, and why a verification can't ask them.
UNASKABLE = {
    "console-error-at-level-error": "it takes a hint that can't be sent, so something that is broken on purpose",
    "passed-to-service": "only a deployment by GitHub's role hands roles over: its first one asks",
    "token-end-of-subscription": "no token ends in less than five minutes, and a verification waits for none",
    "zero-milliseconds": "one moment in a thousand has no milliseconds",
    "ulid-case": "`postOrder` writes ids in upper case, whatever `util.autoUlid` does",
    "util-error-arguments": "no resolver here hands over anything but texts",
    "oversized-answer": "no answer of this API gets that large: a list has a hundred orders at most",
    "execution-timeout": "no call here takes that long",
    "subscriptions-of-a-connection": "whoever watches has one subscription, and no other client asks for 200",
    "throttled-call": "it takes as many calls as would throttle customers",
    "http-source-unreachable": "it takes an SQS that doesn't answer",
    "tags-of-changed-pool": "it would give the pool another tag",
    "filter-beside-arguments": "the filter says what the arguments say, so no event shows what was applied",
    "operation-headers-at-waf": "it would use up the mails of the address that asks, and block it",
    "function-in-use": "it would delete what is in use",
    "sign-in-after-global-sign-out": "signing out everywhere would end the verification's own session",
    "unconfirmed-account": "each sign-up that stays unconfirmed costs one of the 50 mails that Cognito sends a day",
    "hint-trace": "the hint is taken from the queue before anybody could look at it",
}


def ask_all(context: QuestionContext) -> list[AnsweredQuestion]:
    """Ask each question, one after the other."""
    return [AnsweredQuestion(one.id, one.behaviour, one.expected, _ask(one, context)) for one in QUESTIONS]


def _ask(question: Question, context: QuestionContext) -> QuestionAnswer:
    if question.reads_account and context.is_public:
        return QuestionAnswer("this run uses public APIs alone", Verdict.NOT_ASKED)
    try:
        return question.ask(context)
    except Exception as error:
        # Whatever it is, the other questions are asked, and the customer is removed. It is in the report.
        return QuestionAnswer(f"asking failed: {type(error).__name__}: {error}", Verdict.NOT_ASKED)
