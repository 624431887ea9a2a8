"""Codes that were sent to a pool's users and aren't used yet, for the local run's mailbox."""

from ministack.services import cognito

from emulator.ministack import one_time_codes
from emulator.ministack.one_time_codes import Purpose


def unused_code(pool_id: str, email: str, purpose: Purpose, *, now: float) -> str | None:
    """Return the code with which a user of the pool can still do this; None if there is none."""
    pool = cognito._user_pools.get(pool_id)
    user = cognito._resolve_user(pool, email)[0] if pool else None
    return None if user is None else one_time_codes.unused_code(user, purpose, now=now)
