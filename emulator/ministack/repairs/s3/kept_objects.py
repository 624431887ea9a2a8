"""Objects are saved with their buckets.

AWS: an object stays until somebody removes it.
MiniStack: keeps the buckets; objects only with S3_PERSIST, in files that change with each call, so that after a crash
they would be of another time than all the rest.
"""

import copy
import functools
from typing import Any

from ministack.services import s3

from emulator.ministack.repairs.patching import AnyCallable, RepairContext, replace

OF_OBJECTS = (
    "_completed_multipart_uploads",
    "_multipart_uploads",
    "_object_acl",
    "_object_annotations",
    "_object_legal_hold",
    "_object_retention",
    "_object_tags",
    "_object_versions",
)


def apply(_context: RepairContext) -> None:
    """Save objects, their versions and their metadata."""

    def with_objects(get_state: AnyCallable) -> AnyCallable:
        @functools.wraps(get_state)
        def state() -> dict[str, Any]:
            return {**get_state(), **{store: copy.deepcopy(getattr(s3, store)) for store in ("_buckets", *OF_OBJECTS)}}

        return state

    def putting_objects_back(load: AnyCallable) -> AnyCallable:
        @functools.wraps(load)
        def loaded(state: dict[str, Any]) -> None:
            for store in ("_buckets", *OF_OBJECTS):
                getattr(s3, store).update(state[store])
            load(state)

        return loaded

    replace(s3, "get_state", with_objects)
    replace(s3, "load_persisted_state", putting_objects_back)
