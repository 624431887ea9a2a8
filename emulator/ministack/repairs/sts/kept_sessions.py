"""Temporary credentials stay valid over a restart.

AWS: they are valid until they expire.
MiniStack: forgets them, so whoever has taken a role has to take it again.
"""

from typing import Any

from ministack.services import sts

from emulator.ministack.repairs.patching import RepairContext, replace


def apply(_context: RepairContext) -> None:
    """Save the sessions, except those without an end: they belong to functions' processes."""

    def get_state() -> dict[str, Any]:
        return {"sessions": {key: session for key, session in list(sts._sessions.items()) if "Expiration" in session}}

    def load_persisted_state(state: dict[str, Any]) -> None:
        sts._sessions.update(state["sessions"])

    replace(sts, "get_state", lambda _original: get_state)
    replace(sts, "load_persisted_state", lambda _original: load_persisted_state)
