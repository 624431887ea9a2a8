"""The state of every service, taken and put back.

MiniStack says what its services hold and takes it back (get_state, load_persisted_state); repairs add what it forgets.
How it saves that isn't used: it goes on where a service fails, and a stop half way leaves a mixture of two states.
"""

import json
import time
import zipfile
from pathlib import Path
from typing import Any

import ministack.app
from ministack.core import persistence

from emulator.ministack.repairs.lambda_ import kept_code
from emulator.ministack.state import pause, saved_state
from emulator.ministack.state.saved_state import FILES_FOLDER, SavedStateInfo, UnusableState

SERVICES_FOLDER = "services/"
# What says that something is done goes before what was done: a function's answer is looked at (a position in a stream
# moves, a message is deleted) after what it wrote. So nothing counts as done that isn't kept.
FIRST = ("lambda", "sqs", "dynamodb")
ATTEMPTS = 10


def take_snapshot(directory: Path, info: SavedStateInfo) -> None:
    """Keep the state of all services and the files that go with it; raises NotKept.

    Call at a standstill, when no request is served any more.
    """
    time.sleep(pause.SETTLE_SECONDS)
    with saved_state.write_state(directory, info) as archive:
        holders = ministack.app._build_persistence_save_dict()
        for name in [*FIRST, *sorted(holders.keys() - set(FIRST))]:
            state = _state_of(holders[name])
            archive.writestr(f"{SERVICES_FOLDER}{name}.json", json.dumps(state, default=persistence._json_default))
        for name, content in {**_files(Path(persistence.STATE_DIR)), **kept_code.take()}.items():
            archive.writestr(f"{FILES_FOLDER}{name}", content)


def _files(folder: Path) -> dict[str, bytes]:
    """Return the files that services keep beside their state, except functions' old code."""
    found = sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return {str(path): (folder / path).read_bytes() for path in found if path.parts[0] != kept_code.FOLDER}


def _state_of(holder: Any) -> Any:
    """Return a holder's state; ask again when a thread that still runs changes it meanwhile."""
    for _ in range(ATTEMPTS - 1):
        try:
            return holder()
        except RuntimeError:
            time.sleep(0.05)
    return holder()


def restore_snapshot(path: Path) -> None:
    """Give the services back what they held; raises UnusableState when one doesn't take it."""
    pause.gate.close()
    try:
        with zipfile.ZipFile(path) as archive:
            names = [name for name in archive.namelist() if name.startswith(SERVICES_FOLDER)]
            for name in reversed(names):  # what sets others to work comes last
                state = json.loads(archive.read(name), object_hook=persistence._json_object_hook)
                service = ministack.app._state_map[name.removeprefix(SERVICES_FOLDER).removesuffix(".json")]
                ministack.app._get_module(service).load_persisted_state(state)
    except Exception as error:
        raise UnusableState(f"the kept state in {path} can't be put back ({error!r})") from error
    finally:
        pause.gate.reopen()
