"""The port of the local run's server."""

from deployment.make_variables import whole_number
from environments.user_error import UserError

HIGHEST = 65535
# Clients leave the port that HTTP has by default out of the name that they call, and the server goes by all of it.
DEFAULT_OF_HTTP = 80


def port_number(text: str, *, called: str) -> int:
    """Return the port that the text is; `called` is where it was typed."""
    port = whole_number(called, text, least=1, most=HIGHEST)
    if port == DEFAULT_OF_HTTP:
        raise UserError(f"{called}: got {text!r}, expected another one: clients leave it out of the server's address")
    return port
