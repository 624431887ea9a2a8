"""EventBridge rules that send people messages about events, and keep the events."""

import json
from collections.abc import Mapping
from typing import Any

from cdktf import TerraformProvider
from cdktf_cdktf_provider_aws.cloudwatch_event_rule import CloudwatchEventRule
from cdktf_cdktf_provider_aws.cloudwatch_event_target import (
    CloudwatchEventTarget,
    CloudwatchEventTargetInputTransformer,
)
from constructs import Construct

from stacks.components.queue import ServiceQueue
from stacks.components.topic import EventTopic

# EventBridge's quota. White space doesn't count, because the AWS provider removes it.
LARGEST_PATTERN = 2048


class EventRule(Construct):
    """A rule of the default bus: each event of a pattern is a sentence for a topic, and is kept in a queue."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        description: str,
        pattern: Mapping[str, Any],
        topic: EventTopic,
        record: ServiceQueue,
        sentence: str,
        words: Mapping[str, str],
        provider: TerraformProvider,
    ) -> None:
        """Create the rule; `words` map each `<word>` of the sentence to its path in the event.

        For example `{"role": "$.detail.role"}`.
        """
        super().__init__(scope, id_)
        size = len(json.dumps(pattern, separators=(",", ":")))
        if size > LARGEST_PATTERN:
            raise ValueError(f"the pattern of {name} must have at most {LARGEST_PATTERN} characters, got {size}")
        # On several lines: `cdktf synth --hcl` breaks a one-line text that holds JSON in JSON.
        text = json.dumps(pattern, indent=2)
        rule = CloudwatchEventRule(
            self, "Resource", name=name, description=description, event_pattern=text, provider=provider
        )
        CloudwatchEventTarget(
            self,
            "Target",
            rule=rule.name,
            arn=topic.arn,
            input_transformer=CloudwatchEventTargetInputTransformer(
                input_paths=dict(words), input_template=json.dumps(sentence)
            ),
            provider=provider,
        )
        CloudwatchEventTarget(self, "Record", rule=rule.name, arn=record.arn, provider=provider)
