"""Figures say how sure they are, and ratios are of the same round."""

import pytest

from bench.result_tables import compared_table, percentile, ratios, side_by_side_table, told


def test_a_figure_is_the_median_with_its_spread() -> None:
    assert told([3.0, 1.0, 250.0]) == "3.00 (1.00-250)"


def test_what_was_measured_once_has_no_spread() -> None:
    assert told([1234.5]) == "1,234"


def test_a_percentile_is_a_value_that_was_measured() -> None:
    values = list(range(1, 101))

    assert [percentile(values, percent) for percent in (50, 95, 99)] == [51, 96, 100]
    assert percentile([7.0], 99) == 7.0


def test_a_busy_moment_weighs_on_both_sides_of_a_ratio() -> None:
    assert ratios([2.0, 20.0], [1.0, 10.0]) == [2.0, 2.0]


def test_a_reference_that_was_measured_once_holds_for_all_rounds() -> None:
    assert ratios([2.0, 3.0], [2.0]) == [1.0, 1.5]


def test_the_first_thing_is_held_against_the_others() -> None:
    measured = {"this": {"orders a second": [100.0]}, "71e95b8": {"orders a second": [40.0]}}

    last = side_by_side_table("flow", measured).splitlines()[-1]

    assert last == "| orders a second | 100 | 40.0 | 2.50 |"


@pytest.mark.parametrize(("thing", "cells"), [("ours", "3.00 | 1.50"), ("floor", "2.00 | 1.00")])
def test_each_thing_is_held_against_the_references(thing: str, cells: str) -> None:
    made = compared_table("seconds", {"ours": [3.0], "floor": [2.0]}, ["floor"])

    assert f"| {thing} | {cells} |" in made.splitlines()
