"""Questions that take keys of the account: whose they are, a signed call, and logs."""

from typing import Any

from verify.polling import eventually
from verify.publish_mutation import MADE_UP_ORDER, PUBLISH_ORDER
from verify.question_context import QuestionContext
from verify.signed_calls import signed_answer
from verify.verification_report import QuestionAnswer, Verdict

# A part of the query that places an order, as a pattern of CloudWatch Logs.
PLACED = '"postOrder(input"'


def boundary(context: QuestionContext) -> QuestionAnswer:
    """Conclude from the order, whose roles read and wrote the tables."""
    if context.target.settings.permissions_boundary is None:
        return QuestionAnswer("the roles here have no boundary: GitHub delivers nothing", Verdict.NOT_ASKED)
    said = "an order was stored, charged and paid by roles whose boundary names no key"
    return QuestionAnswer(said, Verdict.EXPECTED)


def signed_caller(context: QuestionContext) -> QuestionAnswer:
    """Publish news of the customer's own, to nobody who listens, with keys that shouldn't be able to."""
    news = {**MADE_UP_ORDER, "userId": context.customer.user_id}
    came = signed_answer(context.target.outputs, context.target.access_key(), PUBLISH_ORDER, {"input": news})
    errors = came.json().get("errors") or []
    if not errors:
        return QuestionAnswer("the keys of this run may publish orders", Verdict.NOT_ASKED)
    said = f"status {came.status_code}, {errors[0].get('errorType')}: {errors[0].get('message')}"
    is_same = came.status_code == 401 and errors[0].get("errorType") == "UnauthorizedException"
    return QuestionAnswer(said, Verdict.EXPECTED if is_same else Verdict.OTHER)


def github_role(context: QuestionContext) -> QuestionAnswer:
    """Look whose keys these are: the role that deploys was assumed by a token of the branch main."""
    caller = str(context.target.client("sts").get_caller_identity()["Arn"])
    if f":assumed-role/{context.target.settings.name('deploy')}/" not in caller:
        return QuestionAnswer("only the workflow `deploy` has such a token", Verdict.NOT_ASKED)
    return QuestionAnswer("a job on main assumed the role that deploys", Verdict.EXPECTED)


def api_log(context: QuestionContext) -> QuestionAnswer:
    """Look for what the questions before must have left in the API's log, which only its role writes."""
    if (group := _api_log_group(context)) is None:
        return QuestionAnswer("no log of AppSync's is written here", Verdict.NOT_ASKED)
    if found := _count_events(context, group):
        return QuestionAnswer(f"the API's log has {found} lines of refused requests", Verdict.EXPECTED)
    return QuestionAnswer(f"the API's log has nothing after {context.log_seconds:.0f} s", Verdict.OTHER)


def query_in_log(context: QuestionContext) -> QuestionAnswer:
    """Look for the text of the query that placed the order. A question before found the log written."""
    if (group := _api_log_group(context)) is None:
        return QuestionAnswer("no log of AppSync's is written here", Verdict.NOT_ASKED)
    if found := _events(context, group, pattern=PLACED):
        return QuestionAnswer(f"the API's log has the text of queries, in {found} lines", Verdict.OTHER)
    return QuestionAnswer("the API's log has no text of the query that placed the order", Verdict.EXPECTED)


def workflow_log(context: QuestionContext) -> QuestionAnswer:
    """Look for the order in the workflow's log. The role has all the rights, so that says that these are enough."""
    group = context.target.settings.names.workflow_log
    if found := _count_events(context, group, pattern=f'"{context.order["id"]}"'):
        return QuestionAnswer(
            f"the workflow's log has {found} lines of the order, with both sets of rights", Verdict.WORKS
        )
    return QuestionAnswer(
        f"the workflow's log has nothing of the order after {context.log_seconds:.0f} s", Verdict.BROKEN
    )


def _api_log_group(context: QuestionContext) -> str | None:
    """Return the group of the API's log: none in a local run, and where the API logs nothing."""
    settings = context.target.settings
    if settings.custom_endpoint or settings.field_log_level == "NONE":
        return None
    pages = context.target.client("appsync").get_paginator("list_graphql_apis").paginate()
    ids = [api["apiId"] for page in pages for api in page["graphqlApis"] if api["name"] == settings.name("api")]
    return f"/aws/appsync/apis/{ids[0]}"


def _count_events(context: QuestionContext, group: str, *, pattern: str | None = None) -> int:
    """Count the events since the verification began, once there are any."""
    return eventually(
        lambda: _events(context, group, pattern=pattern), bool, within_seconds=context.log_seconds, pause_seconds=1
    )


def _events(context: QuestionContext, group: str, *, pattern: str | None = None) -> int:
    wanted: dict[str, Any] = {"logGroupName": group, "startTime": context.began_at}
    if pattern:
        wanted["filterPattern"] = pattern
    pages = context.target.client("logs").get_paginator("filter_log_events")
    return sum(len(page["events"]) for page in pages.paginate(**wanted))
