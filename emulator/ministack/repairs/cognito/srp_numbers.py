"""Proofs of passwords take little time: one is computed at a time, in short steps.

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

from emulator.ministack.repairs.patching import RepairContext, one_at_a_time, replace

SECRET_BITS = 256
STEP_BITS = 16  # of the exponent, which take 0.4 ms


def apply(_context: RepairContext) -> None:
    """Shorten the numbers, and let only one thread at a time compute, in short steps."""
    cognito.secrets = short_numbers(cognito.secrets)
    vars(cognito)["pow"] = power_in_steps
    lock = threading.Lock()
    for name in ("_srp_challenge", "_srp_proof_valid"):
        replace(cognito, name, one_at_a_time(lock))


def short_numbers(module: ModuleType) -> SimpleNamespace:
    """Return the module `secrets` with random numbers of the needed length; only SRP uses them."""
    short = {"randbelow": lambda below: secrets.randbelow(min(below, 2**SECRET_BITS))}
    return SimpleNamespace(**vars(module) | short)


def power_in_steps(base: int, exponent: int, modulus: int) -> int:
    """Return `pow(base, exponent, modulus)`, with a pause as long as the work after each step."""
    base, result = base % modulus, 1
    for shift in reversed(range(0, exponent.bit_length(), STEP_BITS)):
        began = time.thread_time()
        result = pow(result, 2**STEP_BITS, modulus) * pow(base, exponent >> shift & 2**STEP_BITS - 1, modulus) % modulus
        time.sleep(time.thread_time() - began)
    return result % modulus
