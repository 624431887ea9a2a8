"""Which resources are drawn, and which resource a text in the JSON means."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from deployment.review.synthesized_stack import Resource, SynthesizedStack


@dataclass(frozen=True)
class DrawnType:
    """A Terraform type that is drawn: its service, what one is called, and how its ARNs begin."""

    service: str
    kind: str
    arn: str


DRAWN_TYPES: Mapping[str, DrawnType] = {
    "aws_appsync_graphql_api": DrawnType("AppSync", "GraphQL API", ""),
    "aws_cognito_user_pool": DrawnType("Cognito", "user pool", ""),
    "aws_dynamodb_table": DrawnType("DynamoDB", "table", "dynamodb:table/"),
    "aws_iam_openid_connect_provider": DrawnType("IAM", "identity provider", ""),
    "aws_iam_policy": DrawnType("IAM", "policy", "iam:policy/"),
    "aws_iam_role": DrawnType("IAM", "role", "iam:role/"),
    "aws_kms_key": DrawnType("KMS", "key", ""),
    "aws_lambda_function": DrawnType("Lambda", "function", "lambda:function:"),
    "aws_s3_bucket": DrawnType("S3", "bucket", "s3:"),
    "aws_scheduler_schedule": DrawnType("EventBridge Scheduler", "schedule", ""),
    "aws_sfn_state_machine": DrawnType("Step Functions", "state machine", "states:stateMachine:"),
    "aws_sns_topic": DrawnType("SNS", "topic", "sns:"),
    "aws_sqs_queue": DrawnType("SQS", "queue", "sqs:"),
}
# Drawn only where no other resource owns them: a role is part of the function that runs with it.
PARTS = {"aws_iam_role"}


@dataclass(frozen=True)
class DrawnResources:
    """The resources of a stack that are drawn, and the ones that belong to them."""

    stack: SynthesizedStack

    @cached_property
    def resources(self) -> list[Resource]:
        """The drawn resources, by address."""
        wholes = [one for one in self.stack.resources if one.type in DRAWN_TYPES and one.type not in PARTS]
        alone = [one for one in self.stack.resources if one.type in PARTS and not _parents(one, wholes)]
        return sorted([*wholes, *alone], key=lambda resource: resource.address)

    def owner(self, resource: Resource) -> Resource | None:
        """The drawn resource that a resource is or belongs to: the nearest one above it in the tree of constructs."""
        if resource in self.resources:
            return resource
        return max(_parents(resource, self.resources), key=lambda parent: len(parent.path), default=None)

    def meant(self, text: str) -> Resource | None:
        """The drawn resource that an ARN, a name or a reference means."""
        for resource in self.stack.references(text):
            return self.owner(resource)
        parts = re.match(r"arn:aws[\w-]*:(\w+):[^:]*:[^:]*:(.+)", text)
        wanted = f"{parts[1]}:{parts[2]}" if parts else None
        best = (one for one in sorted(self.resources, key=lambda one: -len(one.name)) if _is_meant(one, text, wanted))
        return next(best, None)


def _parents(resource: Resource, candidates: Iterable[Resource]) -> list[Resource]:
    return [one for one in candidates if resource.path.startswith(f"{one.path}/")]


def _is_meant(resource: Resource, text: str, wanted: str | None) -> bool:
    if wanted is None:
        return bool(resource.name) and text == resource.name
    known = f"{DRAWN_TYPES[resource.type].arn}{resource.name}"
    return bool(DRAWN_TYPES[resource.type].arn) and (wanted == known or wanted.startswith((f"{known}/", f"{known}:")))
