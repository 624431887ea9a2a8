"""The proof of a password takes little time, one is worked on at a time, and in steps.

MiniStack: computes with secret numbers of 3,072 bits. That takes 55 ms for each sign-in that anybody
begins, and Python runs nothing else meanwhile: `pow` keeps the interpreter to itself for a whole
call. Twenty at once held everybody up for 3 s.
Source: RFC 5054, 2.5.3: the server's secret number has at least 256 bits.
"""

import secrets
import threading
import time
from types import ModuleType, SimpleNamespace

from ministack.services import cognito

from emulator.ministack.repairs.patching import Run, one_at_a_time, replace

SECRET_BITS = 256
STEP_BITS = 16  # of the exponent, which take 0.4 ms


def apply(_run: Run) -> None:
    """Shorten the numbers, and let no more than one thread keep the others from running, a moment at a time."""
    cognito.secrets = short_numbers(cognito.secrets)
    vars(cognito)["pow"] = power_in_steps
    lock = threading.Lock()
    for name in ("_srp_challenge", "_srp_proof_valid"):
        replace(cognito, name, one_at_a_time(lock))


def short_numbers(module: ModuleType) -> SimpleNamespace:
    """Return the module `secrets` whose random numbers, which only SRP uses, are as long as a secret has to be."""
    short = {"randbelow": lambda below: secrets.randbelow(min(below, 2**SECRET_BITS))}
    return SimpleNamespace(**vars(module) | short)


def power_in_steps(base: int, exponent: int, modulus: int) -> int:
    """Return `pow(base, exponent, modulus)`; rests after each step, so that the others have half of the time."""
    base, result = base % modulus, 1
    for shift in reversed(range(0, exponent.bit_length(), STEP_BITS)):
        began = time.thread_time()
        result = pow(result, 2**STEP_BITS, modulus) * pow(base, exponent >> shift & 2**STEP_BITS - 1, modulus) % modulus
        time.sleep(time.thread_time() - began)
    return result % modulus
