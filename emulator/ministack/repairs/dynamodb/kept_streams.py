"""A table's stream survives a restart.

AWS: a stream's records can be read for 24 hours, and a reader goes on where it was (DynamoDB Developer Guide, "Change
data capture for DynamoDB Streams").
MiniStack: keeps the tables and the readers' positions but not the records: what nobody has read yet is lost, and so are
the first records after the start, as many as were read before it.
"""

import copy
import functools
from typing import Any

from ministack.services import dynamodb

from emulator.ministack.repairs.patching import AnyCallable, RepairContext, replace

STORES = ("_stream_records", "_stream_trimmed", "_closed_streams")


def apply(_context: RepairContext) -> None:
    """Save the records with the tables."""

    def with_streams(get_state: AnyCallable) -> AnyCallable:
        @functools.wraps(get_state)
        def state() -> dict[str, Any]:
            return {**get_state(), **{store: copy.deepcopy(getattr(dynamodb, store)) for store in STORES}}

        return state

    def putting_streams_back(load: AnyCallable) -> AnyCallable:
        @functools.wraps(load)
        def loaded(state: dict[str, Any]) -> None:
            load(state)
            for store in STORES:
                getattr(dynamodb, store).update(state[store])

        return loaded

    replace(dynamodb, "get_state", with_streams)
    replace(dynamodb, "load_persisted_state", putting_streams_back)
