"""Questions that take keys of the account: whose they are, a signed call, and logs."""

from typing import Any

from verify.publishing import PUBLISH, SAID
from verify.report import Answer, Verdict
from verify.scene import Scene
from verify.signing import signed_answer
from verify.waiting import eventually


def boundary(scene: Scene) -> Answer:
    """Conclude from the order, whose roles read and wrote the tables."""
    if scene.target.settings.permissions_boundary is None:
        return Answer("the roles here have no boundary: GitHub delivers nothing", Verdict.NOT_ASKED)
    said = "an order was stored, charged and paid by roles whose boundary names no key"
    return Answer(said, Verdict.EXPECTED)


def signed_caller(scene: Scene) -> Answer:
    """Publish news of the customer's own, to nobody who listens, with keys that shouldn't be able to."""
    news = {**SAID, "userId": scene.customer.user_id}
    came = signed_answer(scene.target.outputs, scene.target.key(), PUBLISH, {"input": news})
    errors = came.json().get("errors") or []
    if not errors:
        return Answer("the keys of this run may publish orders", Verdict.NOT_ASKED)
    said = f"status {came.status_code}, {errors[0].get('errorType')}: {errors[0].get('message')}"
    is_same = came.status_code == 401 and errors[0].get("errorType") == "UnauthorizedException"
    return Answer(said, Verdict.EXPECTED if is_same else Verdict.OTHER)


def github_role(scene: Scene) -> Answer:
    """Look whose keys these are: the role that deploys was assumed by a token of the branch main."""
    caller = str(scene.target.client("sts").get_caller_identity()["Arn"])
    if f":assumed-role/{scene.target.settings.name('deploy')}/" not in caller:
        return Answer("only the workflow `deploy` has such a token", Verdict.NOT_ASKED)
    return Answer("a job on main assumed the role that deploys", Verdict.EXPECTED)


def api_log(scene: Scene) -> Answer:
    """Look for what the questions before must have left in the API's log, which only its role writes."""
    settings = scene.target.settings
    if settings.custom_endpoint:
        return Answer("a local run writes no log of AppSync's", Verdict.NOT_ASKED)
    if settings.field_log_level == "NONE":
        return Answer("the API logs nothing here", Verdict.NOT_ASKED)
    pages = scene.target.client("appsync").get_paginator("list_graphql_apis").paginate()
    ids = [api["apiId"] for page in pages for api in page["graphqlApis"] if api["name"] == settings.name("api")]
    if found := _events(scene, f"/aws/appsync/apis/{ids[0]}"):
        return Answer(f"the API's log has {found} lines of refused requests", Verdict.EXPECTED)
    return Answer(f"the API's log has nothing after {scene.log_seconds:.0f} s", Verdict.OTHER)


def workflow_log(scene: Scene) -> Answer:
    """Look for the order in the workflow's log. The role has all the rights, so that says that these are enough."""
    group = scene.target.settings.names.workflow_log
    if found := _events(scene, group, pattern=f'"{scene.order["id"]}"'):
        return Answer(f"the workflow's log has {found} lines of the order, with both sets of rights", Verdict.WORKS)
    return Answer(f"the workflow's log has nothing of the order after {scene.log_seconds:.0f} s", Verdict.BROKEN)


def _events(scene: Scene, group: str, *, pattern: str | None = None) -> int:
    """Count the events since the verification began, once there are any."""
    wanted: dict[str, Any] = {"logGroupName": group, "startTime": scene.began_at}
    if pattern:
        wanted["filterPattern"] = pattern
    pages = scene.target.client("logs").get_paginator("filter_log_events")

    def count() -> int:
        return sum(len(page["events"]) for page in pages.paginate(**wanted))

    return eventually(count, bool, within_seconds=scene.log_seconds, pause_seconds=1)
