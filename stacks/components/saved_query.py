"""Saved queries of CloudWatch Logs Insights."""

from collections.abc import Sequence

from cdktf_cdktf_provider_aws.cloudwatch_query_definition import CloudwatchQueryDefinition
from constructs import Construct

from stacks.components.log_group import LogGroup


class SavedQuery(Construct):
    """A query with its log groups, which the person on call finds by its name."""

    def __init__(self, scope: Construct, id_: str, *, name: str, text: str, log_groups: Sequence[LogGroup]) -> None:
        super().__init__(scope, id_)
        CloudwatchQueryDefinition(
            self, "Resource", name=name, query_string=text, log_group_names=[group.name for group in log_groups]
        )
