"""A signature for an unknown service delays nobody.

AWS: answers at once.
MiniStack: looks through every model of botocore for the name, which takes seconds in which nothing else is answered.
Source: `ministack.core.router._is_aws_service_name`, which keeps what it found.
"""

from botocore.session import get_session
from ministack.core import router

from emulator.ministack.repairs.patching import RepairContext


def apply(_context: RepairContext) -> None:
    """Give the router the names of botocore's models, which are the names of their folders."""
    router._KNOWN_AWS_SERVICE_NAMES = frozenset(get_session().get_available_services())
