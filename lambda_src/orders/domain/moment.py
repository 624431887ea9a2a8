"""Moments, as epoch milliseconds and as the texts that rows hold."""

from datetime import UTC, datetime


def aws_date_time(epoch_milliseconds: int) -> str:
    """Return the moment as AppSync's AWSDateTime: `2026-01-01T00:00:00.000Z`."""
    seconds, milliseconds = divmod(epoch_milliseconds, 1000)
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}.{milliseconds:03d}Z"
