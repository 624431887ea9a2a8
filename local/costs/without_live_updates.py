"""Configures a run as it is deployed with `live_updates = false`, for as long as that is measured."""

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from deployment.run_command import without_interrupts
from environments.order_rules import announced_changes
from local.deploy import client
from local.run_record import counted_as_undeployed

# The functions' processes start anew.
START_SECONDS = 3


@contextmanager
def without_live_updates(outputs: Mapping[str, Any], directory: Path) -> Iterator[None]:
    """Let `announce` run for ended orders only, and tell nobody but the topic; all of it is put back.

    `directory` is the run's: `make up` puts it back after a `kill -9`.
    """
    with counted_as_undeployed(directory), _changed(outputs):
        yield


@contextmanager
def _changed(outputs: Mapping[str, Any]) -> Iterator[None]:
    functions, name = client("lambda", outputs), outputs["functions"]["announce"]
    environment = functions.get_function_configuration(FunctionName=name)["Environment"]
    (mapping,) = functions.list_event_source_mappings(FunctionName=name)["EventSourceMappings"]
    pattern = json.dumps(announced_changes(live_updates=False, change_window_seconds=0))
    try:
        _configure(functions, name, {"Variables": {**environment["Variables"], "LIVE_UPDATES": "false"}})
        _filter(functions, mapping["UUID"], {"Filters": [{"Pattern": pattern}]})
        yield
    finally:
        with without_interrupts():
            _filter(functions, mapping["UUID"], mapping["FilterCriteria"])
            _configure(functions, name, environment)


def _configure(functions: Any, name: str, environment: Mapping[str, Any]) -> None:
    functions.update_function_configuration(FunctionName=name, Environment=environment)
    time.sleep(START_SECONDS)


def _filter(functions: Any, mapping_id: str, criteria: Mapping[str, Any]) -> None:
    functions.update_event_source_mapping(UUID=mapping_id, FilterCriteria=criteria)
