"""Tables on the emulator for the tests of the adapters."""

from collections.abc import Iterator
from typing import Any

import pytest

from local.server_process import Server
from tests.support.order_tables import create_delayed_table, create_orders_table, create_payments_table

pytest.register_assert_rewrite("tests.contracts")


@pytest.fixture(scope="session")
def dynamodb(emulator: Server) -> Any:
    return emulator.client("dynamodb")


@pytest.fixture(scope="session")
def orders_table(dynamodb: Any) -> Iterator[str]:
    name = create_orders_table(dynamodb)
    yield name
    dynamodb.delete_table(TableName=name)


@pytest.fixture(scope="session")
def payments_table(dynamodb: Any) -> Iterator[str]:
    name = create_payments_table(dynamodb)
    yield name
    dynamodb.delete_table(TableName=name)


@pytest.fixture(scope="session")
def delayed_table(dynamodb: Any) -> Iterator[str]:
    name = create_delayed_table(dynamodb)
    yield name
    dynamodb.delete_table(TableName=name)
