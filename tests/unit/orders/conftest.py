"""Unit tests of the order system: no sockets, no boto3."""

import pytest

pytest.register_assert_rewrite("tests.contracts")
