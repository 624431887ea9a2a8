"""The share of each quota that the stacks use."""

import json
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from math import prod
from pathlib import Path
from typing import Any

from tests.synth.support.stack_json import REFERENCE, Resource, StackJson, name_of, unescaped
from tests.synth.support.states_language import CONTEXT, INPUT, ROW, definition_of

QUOTAS: dict[str, dict[str, Any]] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
# An ARN with a name of 64 characters: no reference here becomes longer.
LONGEST = "arn:aws:lambda:ap-northeast-1:111111111111:function:" + "n" * 64
# Events of one attempt of a task (scheduled, started, succeeded or failed), and of entering and
# leaving a state.
EVENTS_OF_AN_ATTEMPT, EVENTS_OF_A_STATE = 3, 2
Sizes = Iterator[tuple[str, float]]  # names of measured things, with their sizes


def known(text: str) -> str:
    """Return a text with a long ARN for each reference: the longest that can reach AWS."""
    return unescaped(REFERENCE.sub(LONGEST, text))


def compact(document: str) -> int:
    """Return the length of a JSON document without white space."""
    return len(json.dumps(json.loads(known(document)), separators=(",", ":")))


def of_all(type_: str, size: Callable[[Resource], float]) -> Callable[[StackJson], Sizes]:
    """Return a function that measures each resource of a type."""

    def measured(stack: StackJson) -> Sizes:
        return ((name_of(one), size(one)) for one in stack.all(type_))

    return measured


def _name(type_: str) -> Callable[[StackJson], Sizes]:
    return of_all(type_, lambda one: len(name_of(one)))


def _environment(function: Resource) -> int:
    variables: Mapping[str, str] = (function.get("environment") or {}).get("variables", {})
    return sum(len(name.encode()) + len(known(value).encode()) for name, value in variables.items())


def _package(stack: StackJson) -> Sizes:
    for one in stack.all("lambda_function"):
        yield name_of(one), (stack.folder / one["filename"]).stat().st_size


def _unzipped(stack: StackJson) -> Sizes:
    from zipfile import ZipFile

    for one in stack.all("lambda_function"):
        with ZipFile(stack.folder / one["filename"]) as package:
            yield name_of(one), sum(item.file_size for item in package.infolist())


def _code(stack: StackJson) -> Sizes:
    for one in (*stack.all("appsync_function"), *stack.all("appsync_resolver")):
        yield one.get("name") or one["field"], len(known(one["code"]))


def _pipelines(stack: StackJson) -> Sizes:
    for one in stack.all("appsync_resolver"):
        yield one["field"], len((one.get("pipeline_config") or {}).get("functions", ()))


def _inline(stack: StackJson) -> Sizes:
    for role in stack.all("iam_role"):
        own = [one for one in stack.all("iam_role_policy") if stack.referred(one["role"]) is role]
        yield name_of(role), sum(compact(one["policy"]) for one in own)


def _attached(stack: StackJson) -> Sizes:
    attachments = stack.all("iam_role_policy_attachment")
    for role in stack.all("iam_role"):
        yield name_of(role), sum(stack.referred(one["role"]) is role for one in attachments)


def _history(machine: Resource) -> int:
    """Count the events when every state is entered once and every retry of it is used up."""
    states = definition_of(machine)["States"].values()
    attempts: int = sum(1 + sum(rule.get("MaxAttempts", 3) for rule in one.get("Retry", ())) for one in states)
    return attempts * EVENTS_OF_AN_ATTEMPT + len(states) * EVENTS_OF_A_STATE + 2


def _data(_machine: Resource) -> int:
    """Return the largest input of a state: the longest order, its row, and the context."""
    longest = {name: "x" * 1024 if isinstance(value, str) else value for name, value in INPUT.items()}
    return len(json.dumps([longest, ROW, CONTEXT]).encode())


def _filters(stack: StackJson) -> Iterator[tuple[str, dict[str, list[Any]]]]:
    for one in stack.all("sns_topic_subscription"):
        if policy := one.get("filter_policy"):
            yield one["protocol"], json.loads(known(policy))


def _dashboard(of: Callable[[list[dict[str, Any]]], int]) -> Callable[[StackJson], Sizes]:
    return of_all("cloudwatch_dashboard", lambda one: of(json.loads(known(one["dashboard_body"]))["widgets"]))


def _metrics(widgets: Iterable[Mapping[str, Any]]) -> int:
    return sum(len(one["properties"].get("metrics", ())) for one in widgets)


def _actions(stack: StackJson) -> Sizes:
    for type_ in ("cloudwatch_metric_alarm", "cloudwatch_composite_alarm"):
        for one in stack.all(type_):
            yield name_of(one), max(len(one.get(kind, ())) for kind in ("alarm_actions", "ok_actions"))


MEASURES: dict[str, Callable[[StackJson], Sizes]] = {
    "lambda-environment": of_all("lambda_function", _environment),
    "lambda-package": _package,
    "lambda-package-unzipped": _unzipped,
    "lambda-timeout": of_all("lambda_function", lambda one: one["timeout"]),
    "lambda-function-name": _name("lambda_function"),
    "appsync-functions": _pipelines,
    "appsync-code": _code,
    "appsync-schema": of_all("appsync_graphql_api", lambda one: len(known(one["schema"]).encode())),
    "iam-managed-policy": of_all("iam_policy", lambda one: compact(one["policy"])),
    "iam-inline-policies": _inline,
    "iam-trust": of_all("iam_role", lambda one: compact(one["assume_role_policy"])),
    "iam-attached-policies": _attached,
    "states-history": of_all("sfn_state_machine", _history),
    "states-data": of_all("sfn_state_machine", _data),
    "states-express": of_all("sfn_state_machine", lambda one: definition_of(one)["TimeoutSeconds"]),
    "sqs-message": of_all(
        "sqs_queue", lambda _one: len(json.dumps({"version": 1, "user_id": "u" * 128, "id": "i" * 26}))
    ),
    "sqs-delay": of_all("sqs_queue", lambda one: one.get("delay_seconds", 0)),
    "sqs-visibility": of_all("sqs_queue", lambda one: one.get("visibility_timeout_seconds", 30)),
    "sqs-retention": of_all("sqs_queue", lambda one: one.get("message_retention_seconds", 345_600)),
    "sqs-queue-name": _name("sqs_queue"),
    "sns-topic-name": _name("sns_topic"),
    "sns-filter-keys": lambda stack: ((name, len(policy)) for name, policy in _filters(stack)),
    "sns-filter-combinations": lambda stack: (
        (name, prod(len(values) for values in policy.values())) for name, policy in _filters(stack)
    ),
    "dynamodb-indexes": of_all("dynamodb_table", lambda one: len(one.get("global_secondary_index", ()))),
    "dynamodb-table-name": _name("dynamodb_table"),
    "scheduler-input": of_all("scheduler_schedule", lambda one: len(known(one["target"].get("input", "")).encode())),
    "events-pattern": of_all("cloudwatch_event_rule", lambda one: compact(one["event_pattern"])),
    "cloudwatch-dashboard-widgets": _dashboard(len),
    "cloudwatch-dashboard-metrics": _dashboard(_metrics),
    "cloudwatch-alarm-metrics": of_all("cloudwatch_metric_alarm", lambda one: len(one.get("metric_query", ()))),
    "cloudwatch-composite-children": of_all(
        "cloudwatch_composite_alarm", lambda one: one["alarm_rule"].count("ALARM(")
    ),
    "cloudwatch-alarm-actions": _actions,
    "cloudfront-function": of_all("cloudfront_function", lambda one: len(known(one["code"]).encode())),
    "s3-bucket-name": _name("s3_bucket"),
    "kms-policy": of_all("kms_key", lambda one: len(known(one.get("policy") or "{}").encode())),
}
