"""The port of the local run's server."""

from deployment.typed import whole_number

HIGHEST = 65535


def port_number(text: str, *, called: str) -> int:
    """Return the port that the text is; `called` is where it was typed."""
    return whole_number(called, text, least=1, most=HIGHEST)
