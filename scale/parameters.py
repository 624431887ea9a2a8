"""The calls that an order takes, and their duration: all that quotas and simulation go by."""

from dataclasses import dataclass

from environments.order_rules import FUNCTION_MEMORY_MB

SEED = 17

# What the simulation assumes of AWS: a call of another service from a function, its answer included. Half of it is
# sure, the other half is random.
CALL_SECONDS = 0.030
# What Lambda does around a batch.
INVOCATION_SECONDS = 0.010
# What a call takes of a whole vCPU. The real handler took 1.2 ms an announcement on a laptop's core, without TLS.
PROCESSOR_SECONDS = 0.001
# A charge at the payment provider, and the two calls around it.
CHARGE_SECONDS = 0.300

# How AWS works: the sources are in docs/scale.md.
VCPU_MB = 1769
POLLERS_AT_FIRST = 5
POLLERS_A_SECOND = 300 / 60
POLL_SECONDS = 1 / 4
NEW_TABLE_SHARDS = 4
PARTITION_WRITES = 1000

# How this system works: tests/synth/test_scale.py compares them with what is deployed.
HINTS_A_BATCH = 10
CHANGES_A_BATCH = 40
SIDE_BY_SIDE = 20
ORDER_WRITES = 3
INDEX_WRITES = 4

VCPU = FUNCTION_MEMORY_MB / VCPU_MB


@dataclass(frozen=True)
class News:
    """Changes of an order that come together, and the calls that announcing them takes."""

    changes: int
    calls: int


# PAYING is published; PAID is published and goes to the topic.
PAID_AT_ONCE = (News(changes=2, calls=3),)
# The placed order is published too. The other changes come when it is older than 20 s: for each, one call looks whether
# an earlier one was delayed.
PAID_AFTER_A_WINDOW = (News(changes=1, calls=1), News(changes=2, calls=5))
# As long as `announce` took one change after the other, nothing was delayed.
PAID_AFTER_A_WINDOW_BEFORE = (News(changes=1, calls=1), News(changes=2, calls=3))


def shards(orders_a_second: int) -> int:
    """Return how many shards the orders' stream has once the table carries the rate: one for each partition."""
    return max(NEW_TABLE_SHARDS, -(-orders_a_second * ORDER_WRITES // PARTITION_WRITES))
