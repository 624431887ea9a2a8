"""The code that an account of the local run waits for: no mail leaves the machine, so the page shows it."""

import time
from collections.abc import Mapping
from typing import Any

from emulator.ministack.one_time_codes import Purpose
from emulator.ministack.unused_codes import unused_code


def waiting_code(outputs: Mapping[str, Any], email: str, purpose: Purpose) -> dict[str, str | None]:
    """Return the code that was sent to an address and can still be used; None when there is none."""
    return {"code": unused_code(str(outputs["user_pool_id"]), email, purpose, now=time.time())}
