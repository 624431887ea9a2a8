"""The flows between the drawn resources: events, permissions and mentions."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from deployment.review.drawn_resources import DrawnResources
from deployment.review.permission_list import as_list, statements
from deployment.review.synthesized_stack import Resource, texts

STYLES = ("event", "grant", "reference")
OUTSIDE = "Outside"
SUBSCRIBERS = "e-mail subscribers"
# What IAM's actions are for, in a word; the permission table has them as they are.
VERBS = {
    ("Get", "Query", "Scan", "BatchGet", "Receive"): "reads",
    ("Put", "Update", "Delete", "BatchWrite"): "writes",
    ("Send",): "sends",
    ("Publish",): "publishes",
    ("Invoke",): "invokes",
    ("Start",): "starts",
    ("GraphQL",): "calls",
    ("List", "Describe"): "",
}

# Attributes that mention others without using them, and those that say how they do.
UNSAID = ("depends_on", "policy")
MENTIONS = {"assume_role_policy": "trusts", "permissions_boundary": "bounded by"}


@dataclass(frozen=True)
class Flow:
    """From one drawn resource to another, or to somebody outside (a text)."""

    source: Resource | str
    target: Resource | str
    label: str
    style: str

    @property
    def ends(self) -> frozenset[str]:
        """The two ends, whichever way it flows."""
        return frozenset(end if isinstance(end, str) else end.address for end in (self.source, self.target))


def events(drawn: DrawnResources) -> Iterator[Flow]:
    """Yield what moves by itself: event source mappings, schedules, subscriptions, redrives, failed batches."""
    yield from _mappings(drawn)
    for schedule in drawn.stack.all("aws_scheduler_schedule"):
        target = drawn.meant(schedule.attributes["target"]["arn"])
        if target:
            yield Flow(schedule, target, schedule.attributes["schedule_expression"], "event")
    for subscription in drawn.stack.all("aws_sns_topic_subscription"):
        topic = drawn.meant(subscription.attributes["topic_arn"])
        by_email = subscription.attributes["protocol"] == "email"
        endpoint = SUBSCRIBERS if by_email else drawn.meant(subscription.attributes["endpoint"])
        if topic and endpoint:
            yield Flow(topic, endpoint, "e-mail" if by_email else "messages", "event")
    for queue in drawn.stack.all("aws_sqs_queue"):
        redrive = json.loads(queue.attributes.get("redrive_policy", "{}"))
        dead_letters = drawn.meant(redrive.get("deadLetterTargetArn", ""))
        if dead_letters:
            yield Flow(queue, dead_letters, f"after {redrive['maxReceiveCount']} receives", "event")


def _mappings(drawn: DrawnResources) -> Iterator[Flow]:
    for mapping in drawn.stack.all("aws_lambda_event_source_mapping"):
        source, function = (drawn.meant(mapping.attributes[key]) for key in ("event_source_arn", "function_name"))
        if not source or not function:
            continue
        what = "changes" if source.type == "aws_dynamodb_table" else "messages"
        yield Flow(source, function, what, "event")
        for destination in texts(mapping.attributes.get("destination_config", {})):
            failures = drawn.meant(destination)
            if failures:
                yield Flow(function, failures, "failed batches", "event")


def grants(drawn: DrawnResources) -> Iterator[Flow]:
    """Yield one flow from each resource to each that its role may use, in a few words."""
    allowed: dict[tuple[str, str], set[str]] = {}
    for policy in drawn.stack.all("aws_iam_role_policy"):
        holder = drawn.owner(policy)
        for statement in statements(policy.attributes["policy"]):
            for on in as_list(statement.get("Resource", [])):
                target = drawn.meant(on)
                if holder and target and statement["Effect"] == "Allow":
                    words = allowed.setdefault((holder.address, target.address), set())
                    words |= {_verb(action) for action in as_list(statement.get("Action", []))}
    for (holder_address, target_address), words in sorted(allowed.items()):
        ends = [drawn.stack.by_address[address] for address in (holder_address, target_address)]
        yield Flow(ends[0], ends[1], ", ".join(sorted(words - {""})), "grant")


def references(drawn: DrawnResources) -> Iterator[Flow]:
    """Yield the mentions that remain, one for each two: one resource, or a part of it, names another."""
    found: dict[frozenset[str], Flow] = {}
    for resource in drawn.stack.resources:
        owner = drawn.owner(resource)
        for attribute, value in sorted(resource.attributes.items()):
            for mentioned in drawn.stack.references(value) if attribute not in UNSAID else ():
                target = drawn.owner(mentioned)
                if owner and target:
                    flow = Flow(owner, target, MENTIONS.get(attribute, "uses"), "reference")
                    found.setdefault(flow.ends, flow)
    yield from found.values()


def alarms(drawn: DrawnResources) -> dict[str, list[str]]:
    """The alarms that watch each drawn resource, by its address: a dimension of one of their metrics names it."""
    services = {
        variables.get("POWERTOOLS_SERVICE_NAME"): function
        for function in drawn.stack.all("aws_lambda_function")
        for variables in [function.attributes.get("environment", {}).get("variables", {})]
    }
    found: dict[str, list[str]] = {}
    for alarm in drawn.stack.all("aws_cloudwatch_metric_alarm"):
        values = dict.fromkeys(value for metric in _metrics(alarm) for value in metric.get("dimensions", {}).values())
        watched = [drawn.meant(value) or services.get(value) for value in values]
        for address in dict.fromkeys(one.address for one in watched if one):
            found.setdefault(address, []).append(alarm.name.removeprefix(f"{drawn.stack.name}-"))
    return found


def _metrics(alarm: Resource) -> list[Mapping[str, Any]]:
    """The metrics that an alarm watches: the one that it names, or those that its expression is made of."""
    return [alarm.attributes, *(query.get("metric", {}) for query in alarm.attributes.get("metric_query", []))]


def _verb(action: str) -> str:
    name = action.partition(":")[2] or action
    return next((verb for starts, verb in VERBS.items() if name.startswith(starts)), name)
