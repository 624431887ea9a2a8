"""A list and a sweep read no more when more orders and customers are stored."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from bench.read_capacity import Capacity
from tests.conftest import Deployment
from tests.support.golden_counts import require_golden
from verify.customer import Customer


@pytest.fixture
def capacity(deployment: Deployment, outputs: Mapping[str, Any], customer: Customer) -> Iterator[Capacity]:
    counted = Capacity(deployment.run.directory, outputs, customer)
    yield counted
    counted.remove()


def test_what_is_read_doesnt_grow_with_what_is_stored(capacity: Capacity) -> None:
    few = capacity.with_orders(100)
    many = capacity.with_orders(1_000)
    crowded = capacity.with_customers(1_000)

    assert many == crowded == few
    require_golden({f"read units of {name}": units for name, units in few.items()})
