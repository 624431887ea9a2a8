"""Saved queries of the orders system, made from their table."""

from collections.abc import Mapping

from constructs import Construct

from environments.settings import Settings
from stacks.components.log_group import LogGroup
from stacks.components.saved_query import SavedQuery
from stacks.orders.saved_query_table import QUERIES


def add_queries(scope: Construct, settings: Settings, *, log_groups: Mapping[str, LogGroup]) -> None:
    """Add the saved queries of one environment; docs/operations.md has the purpose of each."""
    for query in QUERIES:
        SavedQuery(
            scope,
            f"{query.noun}-query",
            name=settings.name(query.noun),
            text=query.text,
            log_groups=[log_groups[log] for log in query.logs],
        )
