"""A counted figure may not grow, and what fell far below its golden figure is to be written down."""

import pytest

from tests.support.golden_counts import is_golden


@pytest.mark.parametrize(
    ("found", "known", "in_bytes", "expected"),
    [
        (100, 100, False, True),
        (101, 100, False, False),
        (90, 100, False, True),
        (89, 100, False, False),
        (101, 100, True, True),
        (102, 100, True, False),
        (1, 0, False, False),
    ],
)
def test_a_figure_is_held(found: float, known: float, in_bytes: bool, expected: bool) -> None:
    assert is_golden(found, known, in_bytes=in_bytes) is expected
