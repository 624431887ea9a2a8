"""The proof of a password takes little time, and one is worked on at a time.

MiniStack: computes with secret numbers of 3,072 bits. That takes 55 ms for each sign-in that anybody
begins, and Python runs nothing else meanwhile. Twenty at once held everybody up for 3 s.
Source: RFC 5054, 2.5.3: the server's secret number has at least 256 bits.
"""

import secrets
import threading
from types import ModuleType, SimpleNamespace

from ministack.services import cognito

from emulator.ministack.repairs.patching import Run, one_at_a_time, replace

SECRET_BITS = 256


def apply(_run: Run) -> None:
    """Shorten the numbers, and let no more than one thread keep the others from running."""
    cognito.secrets = short_numbers(cognito.secrets)
    lock = threading.Lock()
    for name in ("_srp_challenge", "_srp_proof_valid"):
        replace(cognito, name, one_at_a_time(lock))


def short_numbers(module: ModuleType) -> SimpleNamespace:
    """Return the module `secrets` whose random numbers, which only SRP uses, are as long as a secret has to be."""
    short = {"randbelow": lambda below: secrets.randbelow(min(below, 2**SECRET_BITS))}
    return SimpleNamespace(**vars(module) | short)
